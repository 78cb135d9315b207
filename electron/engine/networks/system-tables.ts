import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Gateway } from './gateways.ts';
import { gatewaysOfNetstat, gatewaysOfProc, gatewaysOfRoutePrint } from './gateways.ts';

const TIMEOUT_MS = 3_000;
const MAX_BYTES = 1_000_000;

/** What the system knows of its routers. */
export interface SystemTables {
  gateways(): Promise<readonly Gateway[]>;
  /** The table of hardware addresses, as text. */
  hardwareAddresses(): Promise<string>;
}

const LINUX: SystemTables = {
  gateways: async () => gatewaysOfProc(await readFile('/proc/net/route', 'utf8')),
  hardwareAddresses: () => readFile('/proc/net/arp', 'utf8'),
};

const MACOS: SystemTables = {
  gateways: async () =>
    gatewaysOfNetstat(await outputOf('/usr/sbin/netstat', ['-rn', '-f', 'inet'])),
  hardwareAddresses: () => outputOf('/usr/sbin/arp', ['-an']),
};

const WINDOWS: SystemTables = {
  gateways: async () =>
    gatewaysOfRoutePrint(await outputOf(system32('route.exe'), ['print', '-4', '0.0.0.0'])),
  hardwareAddresses: () => outputOf(system32('arp.exe'), ['-a']),
};

const NOTHING: SystemTables = {
  gateways: async () => [],
  hardwareAddresses: async () => '',
};

export function systemTables(platform: NodeJS.Platform): SystemTables {
  if (platform === 'linux') return LINUX;
  if (platform === 'darwin') return MACOS;
  return platform === 'win32' ? WINDOWS : NOTHING;
}

function system32(program: string): string {
  return `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\${program}`;
}

function outputOf(program: string, args: readonly string[]): Promise<string> {
  const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES, windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile(program, [...args], options, (error, stdout) => {
      if (error) reject(new Error(`${program} failed`, { cause: error }));
      else resolve(stdout);
    });
  });
}
