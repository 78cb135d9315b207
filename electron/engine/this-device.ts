import { readFile } from 'node:fs/promises';
import { homedir, hostname, networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import type { Platform } from '../../shared/model/peer.ts';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';

/** What this computer is by itself, before any setting. */

export const thisPlatform: Platform =
  process.platform === 'linux'
    ? 'linux'
    : process.platform === 'darwin'
      ? 'macos'
      : process.platform === 'win32'
        ? 'windows'
        : 'other';

/** The computer's own name, as people know it: without its domain. */
export function computerName(): string {
  return cleanDeviceName(hostname().replace(/\.(local|lan|home|localdomain)$/i, ''));
}

/** Where this computer can be reached, IPv4 first; loopback only where there is nothing else. */
export function ownAddresses(table = networkInterfaces()): string[] {
  const all = Object.values(table).flatMap((addresses) => addresses ?? []);
  const outside = all.filter((a) => !a.internal && !a.address.startsWith('fe80:'));
  const shown = outside.length > 0 ? outside : all.filter(isV4);
  const [v4, v6] = [shown.filter(isV4), shown.filter((a) => !isV4(a))];
  return [...v4, ...v6].map((address) => address.address);
}

function isV4({ family }: NetworkInterfaceInfo): boolean {
  return family === 'IPv4';
}

/** The folder that the system's own downloads go to. */
export async function downloadsDirectory(): Promise<string> {
  const fallback = join(homedir(), 'Downloads');
  if (process.platform !== 'linux') return fallback;
  const config = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  const text = await readFile(join(config, 'user-dirs.dirs'), 'utf8').catch(() => '');
  const [, path] = /^XDG_DOWNLOAD_DIR="(.+)"$/m.exec(text) ?? [];
  return path === undefined ? fallback : path.replace(/^\$HOME(?=\/|$)/, homedir());
}

/** The address of an interface given by name or by address. Throws ADDRESS_UNAVAILABLE. */
export function interfaceAddress(nameOrAddress: string, table = networkInterfaces()): string {
  const interfaces = new Map(Object.entries(table));
  const named = interfaces.get(nameOrAddress);
  const address = named?.find((a) => a.family === 'IPv4') ?? named?.[0];
  if (address) return zoned(address, nameOrAddress);
  for (const [name, addresses] of interfaces) {
    const found = addresses?.find((a) => [a.address, zoned(a, name)].includes(nameOrAddress));
    if (found) return zoned(found, name);
  }
  throw new DroplineError('ADDRESS_UNAVAILABLE', { address: nameOrAddress });
}

/** A link-local address means nothing without its interface. */
function zoned({ address }: NetworkInterfaceInfo, name: string): string {
  return address.startsWith('fe80:') ? `${address}%${name}` : address;
}
