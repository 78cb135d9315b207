/** Reading what three systems say of their routers. All of these are pure, and read nothing as nothing. */

/** The router of one interface, by IPv4 address. */
export interface Gateway {
  readonly interface: string;
  readonly address: string;
}

const ALL = '00000000';
const MAC = /\b([0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5})\b/i;
/** Windows has a section for each interface, by its address; the word before it is translated. */
const SECTION = /:\s*(\d{1,3}(?:\.\d{1,3}){3})\s+---\s/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Linux, `/proc/net/route`: addresses are hexadecimal, in the byte order of the processor. */
export function gatewaysOfProc(text: string): readonly Gateway[] {
  return rows(text)
    .slice(1)
    .flatMap(([name = '', destination, gateway = '', , , , , mask]) => {
      const isDefault = destination === ALL && mask === ALL;
      return isDefault && /^[0-9A-F]{8}$/.test(gateway) && gateway !== ALL
        ? [{ interface: name, address: littleEndian(gateway) }]
        : [];
    });
}

/** macOS, `netstat -rn -f inet`. */
export function gatewaysOfNetstat(text: string): readonly Gateway[] {
  return rows(text).flatMap(([destination, gateway = '', ...rest]) => {
    // Flags, then the interface; older systems have two columns of counts between them
    const name = rest.slice(1).find((cell) => /^[a-z]+\d+$/.test(cell));
    const isDefault = destination === 'default' && IPV4.test(gateway) && name !== undefined;
    return isDefault ? [{ interface: name, address: gateway }] : [];
  });
}

/** Windows, `route print -4 0.0.0.0`: names the interface by its address. */
export function gatewaysOfRoutePrint(text: string): readonly Gateway[] {
  return rows(text).flatMap(([destination, mask, gateway = '', own = '']) => {
    const isDefault = destination === '0.0.0.0' && mask === '0.0.0.0';
    return isDefault && IPV4.test(gateway) && IPV4.test(own)
      ? [{ interface: own, address: gateway }]
      : [];
  });
}

/**
 * The hardware address of a router, as `/proc/net/arp` or any `arp -a` tells it. Two networks may give
 * their routers one address: what is told of another interface is not this router's, and where two
 * hardware addresses are left it is not known which.
 */
export function hardwareAddressIn(text: string, gateway: Gateway): string | null {
  const found = new Set<string>();
  let section: string | null = null;
  for (const line of text.split('\n')) {
    section = SECTION.exec(line)?.[1] ?? section;
    const cells = line.trim().split(/[\s()]+/);
    if (!cells.includes(gateway.address)) continue;
    const place = section ?? interfaceIn(cells);
    if (place !== null && place !== gateway.interface) continue;
    const mac = MAC.exec(line)?.[1];
    const bytes = mac?.split(/[:-]/).map((part) => part.toLowerCase().padStart(2, '0'));
    if (bytes && bytes.some((byte) => byte !== '00')) found.add(bytes.join(':'));
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}

/** Linux has it in the last column, macOS after the word `on`. null: the line does not tell. */
function interfaceIn(cells: readonly string[]): string | null {
  const at = cells.indexOf('on');
  if (at >= 0) return cells[at + 1] ?? null;
  return cells[1]?.startsWith('0x') ? (cells[5] ?? null) : null;
}

function rows(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}

function littleEndian(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return bytes
    .toReversed()
    .map((byte) => String(Number.parseInt(byte, 16)))
    .join('.');
}
