/** Reading what three systems say of their routers. All of these are pure, and read nothing as nothing. */

/** The router of one interface, by IPv4 address. */
export interface Gateway {
  readonly interface: string;
  readonly address: string;
}

const ALL = '00000000';
const MAC = /\b([0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5})\b/i;
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

/** The hardware address that stands in the line of that address, of `/proc/net/arp` or any `arp -a`. */
export function hardwareAddressIn(text: string, address: string): string | null {
  for (const line of text.split('\n')) {
    if (!line.split(/[\s()]+/).includes(address)) continue;
    const mac = MAC.exec(line)?.[1];
    const bytes = mac?.split(/[:-]/).map((part) => part.toLowerCase().padStart(2, '0'));
    if (bytes && bytes.some((byte) => byte !== '00')) return bytes.join(':');
  }
  return null;
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
