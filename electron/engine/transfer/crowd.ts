import { isIPv6 } from 'node:net';

/** Of a stranger's IPv6 address the half that a router gives out: the other half it picks at will. */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/**
 * What stands for an address where few are allowed each: one device has as many IPv6 addresses as it
 * likes. One with a zone is of this link, and stands for itself.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('%')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : GROUPS - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}

/**
 * Who gives way where there are too many: the oldest of the address that has most of them. They come
 * oldest first. A newcomer is never turned away, and who is alone at an address goes last.
 */
export function firstToGo<T>(crowd: Iterable<T>, addressOf: (one: T) => string): T | undefined {
  const byNetwork = new Map<string, T[]>();
  for (const one of crowd) {
    const network = networkOf(addressOf(one));
    const others = byNetwork.get(network);
    if (others) others.push(one);
    else byNetwork.set(network, [one]);
  }
  let busiest: readonly T[] = [];
  for (const some of byNetwork.values()) if (some.length > busiest.length) busiest = some;
  return busiest[0];
}

/** The same where they weigh too much together; undefined: they do not. Who weighs nothing stays. */
export function firstTooMuch<T>(
  crowd: Iterable<T>,
  mostBytes: number,
  bytesOf: (one: T) => number,
  addressOf: (one: T) => string,
): T | undefined {
  const weighty = [...crowd].filter((one) => bytesOf(one) > 0);
  const bytes = weighty.reduce((sum, one) => sum + bytesOf(one), 0);
  return bytes > mostBytes ? firstToGo(weighty, addressOf) : undefined;
}
