import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { CountReporter } from '../../../electron/engine/transfer/count-reporter.ts';
import { Door } from '../../../electron/engine/transfer/door.ts';
import { JournalShelf } from '../../../electron/engine/transfer/journal-shelf.ts';
import { listenPlain } from '../../../electron/engine/transfer/plain-receive.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { realClock, realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import type { TransferEvent } from '../../../electron/engine/transfer/worker-messages.ts';
import { KEEP_BOTH } from '../../../shared/model/plan.ts';
import { plainPath } from '../../support/plain-path.ts';
import { here, useFolder } from '../../support/windows-disk.ts';

/** If these fail, who cancels a bare exchange whose part a scanner has open waits for the scanner, or loses a file. */

useFolder();

const where = { mode: 'plain', host: '127.0.0.1', port: 0, otherPortIfTaken: false } as const;
let stop = (): Promise<void> => Promise.resolve();

afterEach(() => stop());

/** Sends one file by the bare exchange, and cancels at the receiver when its disk was asked for `isHeld`. */
async function cancelled(
  isHeld: keyof Pick<FileSystem, 'renameSync' | 'unlinkSync'>,
  more: Partial<FileSystem>,
): Promise<TransferEvent | undefined> {
  mkdirSync(here('inbox'));
  mkdirSync(here('home'));
  let tries = 0;
  const fs: FileSystem = {
    ...realFileSystem,
    isWindows: true,
    ...more,
    [isHeld]: (path: string, ...words: string[]) => {
      if (plainPath(path).endsWith('.part')) {
        tries++;
        throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      }
      (realFileSystem[isHeld] as (...all: string[]) => void)(path, ...words);
    },
  };
  const events: TransferEvent[] = [];
  const { promise: ended, end } = endOf();
  const reporter = new CountReporter(realClock, (event) => {
    events.push(event);
    if (event.kind === 'offered') {
      const acceptance = { directory: here('inbox'), startedAtMs: 0, existing: KEEP_BOTH };
      receiver.accept(event.transferId, acceptance);
    }
    if (event.kind === 'ended') end();
  });
  const shelf = new JournalShelf(fs, here('home'));
  const receiver = await listenPlain(where, {
    fs,
    clock: realClock,
    reporter,
    shelf,
    door: new Door(),
  });
  stop = () => receiver.stop();
  const { port } = await receiver.bound();
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.write('a.txt');
  await once(socket, 'data');
  socket.end('content');
  while (tries === 0) await nextTurn();
  const [offered] = events;
  if (offered?.kind !== 'offered') throw new Error('nothing was offered');
  await receiver.cancel(offered.transferId);
  await ended;
  return events.at(-1);
}

function endOf(): { promise: Promise<void>; end: () => void } {
  let end: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { promise, end };
}

test('what waits for its name is given up at once', async () => {
  const last = await cancelled('renameSync', {
    // a disk without links
    linkSync: () => {
      throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
    },
  });
  expect(last).toMatchObject({ outcome: { kind: 'cancelled', by: 'us' } });
  expect(readdirSync(here('inbox'))).toEqual([]);
});

test('what has its name is told as received, and keeps it', async () => {
  const last = await cancelled('unlinkSync', {});
  expect(last).toMatchObject({ outcome: { kind: 'delivered', savedAs: here('inbox', 'a.txt') } });
  expect(readdirSync(here('inbox'))).toContain('a.txt');
});
