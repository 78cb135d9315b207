import { createHash } from 'node:crypto';
import { lstatSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import { errnoOf } from './transfer/system-errors.ts';
import { makeDirectories } from './make-directories.ts';
import { realPath } from './real-path.ts';

/** Unix socket paths are short on every system; a longer one goes to the temporary folder. */
const MAX_SOCKET_PATH_BYTES = 100;

/** Others that start at the same time may each cost one. */
const MAX_ATTEMPTS = 5;

/** Makes the home folder, for its owner alone. Throws HOME_UNUSABLE. */
export async function openHome(path: string): Promise<string> {
  const home = resolve(path);
  try {
    await makeDirectories(home, 0o700);
  } catch (cause) {
    throw new DroplineError('HOME_UNUSABLE', { path: home }, { cause });
  }
  return home;
}

/**
 * One listening engine a home. The lock is a local socket: it is held exactly as long as its process
 * lives, so a crash leaves nothing that would have to be guessed at. Throws HOME_LOCKED, HOME_UNUSABLE.
 * Answers the way to let go.
 */
export async function lockHome(home: string): Promise<() => Promise<void>> {
  // what has gone meanwhile is told where it is locked
  const address = lockAddress(await realPath(home).catch(() => home));
  const server = createServer((socket) => {
    socket.destroy();
  });
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const found = stampOf(address);
    try {
      await listen(server, address);
      server.unref();
      return () => close(server);
    } catch (cause) {
      if (errnoOf(cause) !== 'EADDRINUSE') {
        throw new DroplineError('HOME_UNUSABLE', { path: home }, { cause });
      }
      if (await answers(address)) break;
      removeStale(address, found);
    }
  }
  throw new DroplineError('HOME_LOCKED', { path: home });
}

/** Which socket a path stands for; null: none, or a pipe of Windows, which goes with its process. */
function stampOf(address: string): string | null {
  if (process.platform === 'win32') return null;
  const stat = lstatSync(address, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.ctimeNs}` : null;
}

/**
 * Takes away what a process that is no more has left, and only that: where several start at once, one may
 * be listening under the same path by now. Nothing may come between the look and the removal.
 */
function removeStale(address: string, found: string | null): void {
  if (found !== null && stampOf(address) === found) rmSync(address, { force: true });
}

/** `home`: by the one spelling that it has. */
function lockAddress(home: string): string {
  // a disk that does not tell its spelling keeps that of the person
  const spelling = process.platform === 'win32' ? home.toLowerCase() : home;
  const key = createHash('sha256').update(spelling).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\dropline-${key}`;
  const inside = join(home, 'engine.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return inside;
  return join(tmpdir(), `dropline-${userInfo().uid}-${key}.sock`);
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolved, rejected) => {
    server.once('error', rejected);
    server.listen(address, () => {
      server.removeListener('error', rejected);
      resolved();
    });
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolved) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolved(true);
    });
    socket.once('error', () => {
      resolved(false);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolved) => {
    server.close(() => {
      resolved();
    });
  });
}
