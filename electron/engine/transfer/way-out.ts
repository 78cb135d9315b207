import { isIP, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { networkInterfaces } from 'node:os';
import { DroplineError } from '../../../shared/errors.ts';
import { isOnLink } from './on-link.ts';

type InterfaceTable = ReturnType<typeof networkInterfaces>;

/** What a socket is told besides where it goes. */
export interface WayOut {
  readonly localAddress?: string;
  readonly family?: 4 | 6;
}

/** The interface that this thread dials from; null: whichever the system takes. */
let chosen: string | null = null;

export function dialFrom(name: string | null): void {
  chosen = name;
}

/** For a dial of this thread. Throws as `wayFrom` does. */
export function wayOut(host: string): WayOut {
  return chosen === null ? {} : wayFrom(chosen, host, networkInterfaces());
}

/**
 * From one interface to that host. What stands on the network of another one is not reached by this one,
 * although the system would find a way. Throws ADDRESS_UNAVAILABLE where the interface is away,
 * PEER_UNREACHABLE.
 */
export function wayFrom(name: string, host: string, table: InterfaceTable): WayOut {
  const own = table[name] ?? [];
  if (own.length === 0) throw new DroplineError('ADDRESS_UNAVAILABLE', { address: name });
  const [bare = '', zone] = host.replace(/^::ffff:/i, '').split('%');
  if (isIP(bare) === 0) return bound(own.find(isUsual) ?? own[0]);
  const all = Object.values(table).flatMap((infos) => infos ?? []);
  if (all.some((info) => info.internal && isOnLink(info, bare))) return {};
  const beside = own.find((info) => isOnLink(info, bare));
  if (zone === undefined ? beside : zone === name) return bound(beside);
  const isOthers = zone !== undefined || all.some((info) => isOnLink(info, bare));
  const family = isIPv6(bare) ? 'IPv6' : 'IPv4';
  const far = isOthers ? undefined : own.find((info) => info.family === family && isWide(info));
  if (!far) throw new DroplineError('PEER_UNREACHABLE', { host });
  return bound(far);
}

function bound(info: NetworkInterfaceInfo | undefined): WayOut {
  if (!info) return {};
  // a link-local address means nothing without its zone, which the other end names
  const family = info.family === 'IPv6' ? 6 : 4;
  return isWide(info) ? { localAddress: info.address, family } : { family };
}

/** For a name, of which nobody knows yet what it stands for. */
function isUsual(info: NetworkInterfaceInfo): boolean {
  return info.family === 'IPv4';
}

function isWide({ address }: NetworkInterfaceInfo): boolean {
  return !address.startsWith('fe80:');
}
