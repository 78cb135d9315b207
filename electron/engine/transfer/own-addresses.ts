import { networkInterfaces } from 'node:os';

/** Whether this computer has that address now, on an interface that is up. */
export function isOwnAddress(address: string, interfaces = networkInterfaces()): boolean {
  const bare = address.replace(/^::ffff:/i, '').replace(/%.*$/, '');
  // all of that block is this computer's
  if (bare.startsWith('127.')) return true;
  return Object.values(interfaces).some((infos) => infos?.some((info) => info.address === bare));
}
