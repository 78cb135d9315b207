import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { isIPv4 } from 'node:net';
import { endianness } from 'node:os';

/**
 * Which user of this computer is at the other end of a connection over loopback. Linux tells it of every
 * socket, to everybody; no other system does so without a helper of its own.
 */

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
const ROOT = 0;
/** A table that changes while it is read may leave a line out. */
const MAX_LOOKS = 3;

export interface CallerHost {
  /** null: this system does not tell whose a socket is. */
  readonly ownUid: number | null;
  readonly readTable: (path: string) => Promise<string>;
}

const thisHost: CallerHost = {
  ownUid: process.platform === 'linux' ? (process.getuid?.() ?? null) : null,
  readTable: (path) => readFile(path, 'latin1'),
};

export type Ends = Pick<Socket, 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'>;

/**
 * False: another user's program has connected. The superuser may do everything anyway, and carries
 * connections for others (port forwarding). True where the system does not tell.
 */
export async function isOwnCaller(socket: Ends, host: CallerHost = thisHost): Promise<boolean> {
  const { ownUid } = host;
  if (ownUid === null) return true;
  const ends = endsOf(socket);
  if (ends === null) return false;
  for (let look = 0; look < MAX_LOOKS; look++) {
    const table = await readTables(host);
    const uid = uidOf(table, ends.theirs, ends.ours);
    if (uid !== null) return uid === ownUid || uid === ROOT;
    if (table.length === 0) return true;
  }
  return false;
}

/** Without the heads. Empty: there are none that we may read. */
async function readTables({ readTable }: CallerHost): Promise<readonly string[]> {
  const tables = await Promise.all(TABLES.map((path) => readTable(path).catch(() => '')));
  return tables.flatMap((text) => text.split('\n').slice(1));
}

interface TableEnds {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** null: it has closed already. */
function endsOf({ localAddress, localPort, remoteAddress, remotePort }: Ends): TableEnds | null {
  if (!localAddress || !remoteAddress || localPort === undefined || remotePort === undefined) {
    return null;
  }
  return { ours: written(localAddress, localPort), theirs: written(remoteAddress, remotePort) };
}

/** As either table writes it: a program may speak IPv4 through a socket for IPv6. */
export function written(address: string, port: number): readonly string[] {
  if (!isIPv4(address)) return [];
  const bytes = Buffer.from(address.split('.').map(Number));
  const mapped = Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), bytes]);
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return [inWords(bytes) + end, inWords(mapped) + end];
}

/** The kernel prints each four bytes as one number of its own. */
function inWords(bytes: Buffer): string {
  if (endianness() === 'LE') bytes.swap32();
  return bytes.toString('hex').toUpperCase();
}

/**
 * `sl local remote state queues timer retransmits uid timeout inode …`. One that its program has closed has
 * no inode, and says that it is the superuser's: it is nobody's.
 */
const LINE = /^ *\d+: (\S+) (\S+) \S+ \S+ \S+ \S+ +(\d+) +\d+ +0*[1-9]\d* /;

function uidOf(
  lines: readonly string[],
  local: readonly string[],
  remote: readonly string[],
): number | null {
  for (const line of lines) {
    const [, from = '', to = '', uid = ''] = LINE.exec(line) ?? [];
    if (local.includes(from) && remote.includes(to)) return Number(uid);
  }
  return null;
}
