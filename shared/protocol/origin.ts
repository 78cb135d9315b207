/** As `os.networkInterfaces()` gives it. */
export type InterfaceAddresses = Readonly<
  Record<string, readonly { readonly address: string; readonly cidr: string | null }[] | undefined>
>;

/** Where an address is, as seen from here. `elsewhere`: the internet, a group, or no address at all. */
export type Origin = 'loopback' | 'linkLocal' | 'private' | 'onLink' | 'elsewhere';

interface Block {
  readonly base: readonly number[];
  readonly bits: number;
}

const LOOPBACK = [block([127], 8), block([...Array<number>(15).fill(0), 1], 128)];
const LINK_LOCAL = [block([169, 254], 16), block([0xfe, 0x80, ...Array<number>(14).fill(0)], 10)];
/** No router of the internet carries these: RFC 1918, RFC 6598, RFC 4193. */
const PRIVATE = [
  block([10], 8),
  block([100, 64], 10),
  block([172, 16], 12),
  block([192, 168], 16),
  block([0xfc, ...Array<number>(15).fill(0)], 7),
];

/** 6to4 and Teredo: whoever speaks them, anywhere on the internet, is on the same network as we are. */
const TUNNELS = [
  block([0x20, 0x02, ...Array<number>(14).fill(0)], 16),
  block([0x20, 0x01, ...Array<number>(14).fill(0)], 32),
];

/** An IPv4 address inside an IPv6 one is that IPv4 address. Interfaces are read only where needed. */
export function originOf(address: string, interfaces: () => InterfaceAddresses): Origin {
  const bytes = bytesOf(address);
  if (bytes === null) return 'elsewhere';
  const isIn = (blocks: readonly Block[]): boolean => isInOne(blocks, bytes);
  if (isIn(LOOPBACK)) return 'loopback';
  if (isIn(LINK_LOCAL)) return 'linkLocal';
  if (isIn(PRIVATE)) return 'private';
  return isIn(subnetsOf(interfaces())) ? 'onLink' : 'elsewhere';
}

/** 4 or 16 of them; null: it is no address. A zone is passed over. */
function bytesOf(address: string): readonly number[] | null {
  const [bare = ''] = address.split('%', 1);
  const bytes = bare.includes(':') ? ipv6Bytes(bare) : ipv4Bytes(bare);
  if (bytes?.length !== 16) return bytes;
  const isMapped = bytes.slice(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xff));
  return isMapped ? bytes.slice(12) : bytes;
}

function ipv4Bytes(text: string): readonly number[] | null {
  const parts = text.split('.');
  const isAddress = parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return isAddress && parts.length === 4 ? parts.map(Number) : null;
}

function ipv6Bytes(text: string): readonly number[] | null {
  const halves = withoutDots(text).split('::');
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  const isWhole = halves.length === 1 ? missing === 0 : halves.length === 2 && missing > 0;
  const groups = [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail];
  if (!isWhole || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}

/** The last 32 bits may be written as IPv4 has them. */
function withoutDots(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const [a, b, c, d] = ipv4Bytes(text.slice(at)) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return text;
  return `${text.slice(0, at)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** The networks that these interfaces are on. One without a prefix would be the whole internet. */
function subnetsOf(table: InterfaceAddresses): readonly Block[] {
  return Object.values(table)
    .flatMap((infos) => infos ?? [])
    .flatMap(({ address, cidr }) => {
      const bits = Number(cidr?.split('/')[1]);
      const base = bytesOf(address);
      if (base === null || !Number.isInteger(bits) || bits <= 0) return [];
      return isInOne(TUNNELS, base) ? [] : [{ base, bits }];
    });
}

function isInOne(blocks: readonly Block[], bytes: readonly number[]): boolean {
  return blocks.some((one) => holds(one, bytes));
}

/** IPv4 from its first bytes, IPv6 from all of them. */
function block(first: readonly number[], bits: number): Block {
  const base = first.length <= 4 ? [...first, 0, 0, 0].slice(0, 4) : first;
  return { base, bits };
}

function holds({ base, bits }: Block, bytes: readonly number[]): boolean {
  if (base.length !== bytes.length) return false;
  return base.every((byte, at) => {
    const inByte = Math.min(8, Math.max(0, bits - at * 8));
    return byte >> (8 - inByte) === (bytes[at] ?? 0) >> (8 - inByte);
  });
}
