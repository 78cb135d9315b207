import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import { makeDirectories } from './make-directories.ts';

/** Unix socket paths are short on every system; a longer one goes to the temporary folder. */
const MAX_SOCKET_PATH_BYTES = 100;

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
  const address = lockAddress(home);
  const server = createServer((socket) => {
    socket.destroy();
  });
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await listen(server, address);
      server.unref();
      return () => close(server);
    } catch (cause) {
      const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : null;
      if (code !== 'EADDRINUSE')
        throw new DroplineError('HOME_UNUSABLE', { path: home }, { cause });
      if (await answers(address)) throw new DroplineError('HOME_LOCKED', { path: home });
      await rm(address, { force: true }); // left by a process that is no more
    }
  }
  throw new DroplineError('HOME_LOCKED', { path: home });
}

function lockAddress(home: string): string {
  const key = createHash('sha256').update(home).digest('hex').slice(0, 24);
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
