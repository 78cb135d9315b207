import { existsSync, readFileSync } from 'node:fs';

const UFW = '/etc/ufw/ufw.conf';
const FIREWALLD = '/run/firewalld.pid';

/** What a program without rights may look at. */
export interface FirewallFiles {
  readonly read: (path: string) => string;
  readonly exists: (path: string) => boolean;
}

const REAL: FirewallFiles = { read: (path) => readFileSync(path, 'utf8'), exists: existsSync };

/** A firewall that is on, by its name. Linux only: elsewhere nothing is told without asking the system's own tools. */
export function firewallHere(files: FirewallFiles = REAL): string | null {
  try {
    if (/^ENABLED=yes$/m.test(files.read(UFW))) return 'ufw';
  } catch {
    // it is not installed, or closed to us
  }
  return files.exists(FIREWALLD) ? 'firewalld' : null;
}
