import type { NetworkInterfaceInfo } from 'node:os';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Failure } from '../../../shared/errors.ts';
import { failure } from '../../../shared/errors.ts';
import { Latest } from '../../../shared/latest.ts';
import { originOf } from '../../../shared/protocol/origin.ts';

/** As `os.networkInterfaces()` gives it. */
export type InterfaceTable = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** One way out: an interface and one of its address families. */
export interface Link {
  /** What memberships and the outgoing interface are set by: `192.0.2.7`, or `::%eth0`. */
  readonly socketAddress: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly name: string;
}

export interface Links {
  readonly links: readonly Link[];
  /** Whether a packet with that source can have come from a host on these links. */
  readonly isNear: (address: string) => boolean;
  /** Whether that address is this machine's own, and on these links. */
  readonly isUsed: (address: string) => boolean;
  /** Whether that address is this machine's own. */
  readonly isOwn: (address: string) => boolean;
  /** Whether another device at that address is worth a try. */
  readonly isElsewhere: (address: string) => boolean;
}

/** Bounds the copies of each packet on a machine with very many virtual networks. */
const MAX_LINKS = 32;

/** The same few addresses are looked at again with each packet. */
const MAX_REMEMBERED = 512;

interface Row {
  readonly name: string;
  readonly info: NetworkInterfaceInfo;
}

/**
 * What `--interface NAME|ADDRESS` stands for; null stands for every interface that leads somewhere, and
 * for loopback on a machine that has no other.
 */
export function selectLinks(selector: string | null, table: InterfaceTable): Links | Failure {
  const rows = selectRows(selector, table);
  if (rows.length === 0) return failure('ADDRESS_UNAVAILABLE', { address: selector ?? '*' });
  const links = new Map<string, Link>();
  for (const { name, info } of rows) {
    const link = linkOf(name, info);
    const key = `${name} ${info.family}`;
    if (link !== null && !links.has(key) && links.size < MAX_LINKS) links.set(key, link);
  }
  const own = new Set(Object.values(table).flatMap((infos) => infos?.map((info) => info.address)));
  return {
    links: [...links.values()],
    isNear: remembered(nearness(rows)),
    isUsed: (address) => rows.some(({ info }) => info.address === withoutZone(address)),
    isOwn: (address) => own.has(withoutZone(address)),
    isElsewhere: remembered((address) => isPrivate(address) && !own.has(address)),
  };
}

function remembered(judge: (address: string) => boolean): (address: string) => boolean {
  const judged = new Latest<string, boolean>(MAX_REMEMBERED);
  return (address) => {
    const before = judged.get(address);
    if (before !== undefined) return before;
    const now = judge(address);
    judged.set(address, now);
    return now;
  };
}

function selectRows(selector: string | null, table: InterfaceTable): readonly Row[] {
  const rows = Object.entries(table).flatMap(([name, infos]) =>
    (infos ?? []).map((info) => ({ name, info })),
  );
  if (selector === null) {
    const outward = rows.filter((row) => !row.info.internal);
    return outward.length > 0 ? outward : rows;
  }
  const byName = rows.filter((row) => row.name === selector);
  if (byName.length > 0) return byName;
  const address = withoutZone(selector);
  return rows.filter((row) => row.info.address === address);
}

/** IPv6 has no multicast on loopback; IPv4 has, on every system. */
function linkOf(name: string, info: NetworkInterfaceInfo): Link | null {
  if (info.family === 'IPv4') return { socketAddress: info.address, family: 'IPv4', name };
  if (info.internal) return null;
  return { socketAddress: `::%${zoneOf(name, info)}`, family: 'IPv6', name };
}

/** Windows names a zone by its number. */
function zoneOf(name: string, info: NetworkInterfaceInfo): string {
  const scope = info.family === 'IPv6' ? info.scopeid : undefined;
  return process.platform === 'win32' && scope !== undefined && scope > 0 ? String(scope) : name;
}

/** Changes when an address of this machine does. */
export function fingerprint(table: InterfaceTable): string {
  const addresses = Object.entries(table).flatMap(([name, infos]) =>
    (infos ?? []).map((info) => `${name} ${info.address}`),
  );
  return addresses.sort().join('\n');
}

/** RFC 6762 §11: what was not sent from this link is not heard. */
function nearness(rows: readonly Row[]): (address: string) => boolean {
  const near = new BlockList();
  const zones = new Set<string>();
  for (const { name, info } of rows) {
    const prefix = Number(info.cidr?.split('/')[1]);
    const family = info.family === 'IPv4' ? 'ipv4' : 'ipv6';
    if (Number.isInteger(prefix) && prefix > 0) near.addSubnet(info.address, prefix, family);
    if (info.family === 'IPv4' && !info.internal) near.addSubnet('169.254.0.0', 16, 'ipv4');
    if (info.family === 'IPv6') zones.add(zoneOf(name, info));
  }
  return (address) => {
    const zone = zoneIn(address);
    if (zone !== null) return zones.has(zone) && originOf(address, NOWHERE) === 'linkLocal';
    if (isIPv4(address)) return near.check(address, 'ipv4');
    return isIPv6(address) && near.check(address, 'ipv6');
  };
}

function zoneIn(address: string): string | null {
  const at = address.indexOf('%');
  return at < 0 ? null : address.slice(at + 1);
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address;
}

/**
 * Where a device may be said to be by itself. Anything else it names (this machine, the internet, a
 * group) would make us knock where no peer of this network lives. A link-local IPv6 address means
 * nothing without a zone, and an IPv4 address inside an IPv6 one is only another way of writing it.
 */
function isPrivate(address: string): boolean {
  if (address.includes('%') || /^[0:]*:ffff:/i.test(address)) return false;
  const origin = originOf(address, NOWHERE);
  return origin === 'private' || (origin === 'linkLocal' && isIPv4(address));
}

/** On-link addresses are told from the interfaces in use, not from all of them. */
const NOWHERE = () => ({});
