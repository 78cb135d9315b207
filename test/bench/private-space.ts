import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The bench runs in namespaces of its own: a network with a loopback that nothing else uses, mounts and
 * memory that are gone with it, and processes that all end when its first one does, whatever happens.
 */

const INSIDE = 'DROPLINE_BENCH_FOLDER';
const DISK = 'DROPLINE_BENCH_DISK';
const NAME = 'dropline-bench-';
const KINDS = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const WAYS = [KINDS, ['--map-current-user', '--keep-caps', ...KINDS]];
const MEMORY = '/dev/shm';
/** Where OpenSSH insists on a folder of its own. */
const SSHD_FOLDER = '/run/sshd';
const LOCAL = '127.0.0.0/8 dev lo table local congctl cubic';

export interface Space {
  /** On a file system in memory. */
  readonly folder: string;
  /** On a disk, where one was asked for. */
  readonly disk: string | null;
  readonly isPrivate: boolean;
}

/**
 * Runs the whole bench again in there, and answers its exit code; null: this is it already, or there can be
 * none. Whoever is outside takes away what is left, also where the inside had no time for it.
 */
export async function enterSpace(
  command: string,
  words: readonly string[],
  diskParent: string | null,
): Promise<number | null> {
  if (process.env[INSIDE] !== undefined) return null;
  const way = WAYS.find((flags) => spawnSync('unshare', [...flags, 'true']).status === 0);
  if (!way) return null;
  const folder = mkdtempSync(join(tmpdir(), NAME));
  const disk = diskParent === null ? '' : mkdtempSync(join(diskParent, NAME));
  const args = [...way, process.execPath, command, ...words];
  const env = { ...process.env, [INSIDE]: folder, [DISK]: disk };
  // the last pipe breaks when this process ends, however it ends
  const inside = spawn('unshare', args, { env, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const stop = () => inside.kill('SIGKILL');
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const [code] = (await once(inside, 'close')) as [number | null];
  for (const signal of signals) process.off(signal, stop);
  for (const made of [folder, disk]) {
    if (made !== '') rmSync(made, { recursive: true, force: true, maxRetries: 10 });
  }
  return code ?? 130;
}

/** Sets up what is inside. Without namespaces it is a folder in memory and the network as it is. */
export function openSpace(diskParent: string | null): Space {
  const folder = process.env[INSIDE];
  if (folder === undefined) {
    const disk = diskParent === null ? null : mkdtempSync(join(diskParent, NAME));
    return { folder: mkdtempSync(join(MEMORY, NAME)), disk, isPrivate: false };
  }
  new Socket({ fd: 3 }).on('close', () => process.exit(1)).resume();
  mountMemory(folder);
  // whatever is made for a while goes with it
  process.env['TMPDIR'] = folder;
  if (!existsSync(SSHD_FOLDER) && process.getuid?.() === 0) {
    mountMemory('/run');
    mkdirSync(SSHD_FOLDER);
  }
  run('ip', 'link set lo up');
  // A name space is given the system's own choice, and bbr holds a loopback to a third of what it can.
  run('ip', `route change local ${LOCAL}`);
  run('ip', `route change local ${LOCAL.replace('127.0.0.0/8', '127.0.0.1')}`);
  return { folder, disk: process.env[DISK] || null, isPrivate: true };
}

export function closeSpace({ folder, disk, isPrivate }: Space): void {
  if (isPrivate) return;
  rmSync(folder, { recursive: true, force: true });
  if (disk !== null) rmSync(disk, { recursive: true, force: true });
}

export function congestionControl({ isPrivate }: Space): string {
  if (isPrivate) return 'cubic';
  return readFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'latin1').trim();
}

function mountMemory(folder: string): void {
  // as much room as the largest source wants: what a receiver has of it is given back as it comes
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=0,size=200g', 'tmpfs', folder]);
}

function run(command: string, words: string): void {
  execFileSync(command, words.split(' '));
}
