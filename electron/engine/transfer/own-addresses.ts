import { networkInterfaces } from 'node:os';

/**
 * This computer has other addresses now, and not that one any more. Where it has none, or only its own
 * loopback, a cable may be out: an interface without a carrier is not listed, and its address comes back.
 */
export function hasMovedFrom(address: string, interfaces = networkInterfaces()): boolean {
  const bare = address.replace(/^::ffff:/i, '').replace(/%.*$/, '');
  // all of that block is this computer's
  if (bare.startsWith('127.')) return false;
  const infos = Object.values(interfaces).flatMap((all) => all ?? []);
  return infos.some(({ internal }) => !internal) && !infos.some((info) => info.address === bare);
}
