import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { FileLists } from '../../electron/engine/file-lists.ts';
import { realFileSystem } from '../../electron/engine/transfer/ports.ts';
import type { Choice } from '../../shared/model/choice.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import type { TestReceiver, TestSender } from './transfer-pair.ts';
import { Bench } from './transfer-pair.ts';
import { leftovers, namesBelow, putFile, setFolderTimes } from './trees.ts';

/** Two ends of which one takes some of what is offered. */

export const NOT = (...paths: readonly string[]): Choice =>
  paths.map((path) => ({ path: path.split('/'), wanted: false }));

export let bench: Bench;
export let sender: TestSender;
export let receiver: TestReceiver;
/** What the sender opened to read. */
export let opened: string[];

/** New ends for each test, and nothing staged is left by any. */
export function useOffers(): void {
  beforeEach(async () => {
    bench = new Bench();
    opened = [];
    const openSync: typeof realFileSystem.openSync = (path, ...more) => {
      opened.push(String(path));
      return realFileSystem.openSync(path, ...more);
    };
    [sender, receiver] = await Promise.all([bench.sender({ fs: { openSync } }), bench.receiver()]);
  });
  afterEach(async () => {
    await bench.stop();
    expect(leftovers(receiver.directory)).toEqual([]);
    expect(readdirSync(join(receiver.home, 'journal'))).toEqual([]);
    await bench.remove();
  });
}

/** `photos` with folders in it, and two files beside. */
export function offered(fileBytes = 1_000): readonly string[] {
  const root = bench.path('photos');
  for (const name of ['a.jpg', 'b.jpg', 'old/c.jpg', 'old/d.jpg', 'only/e.jpg']) {
    putFile(join(root, name), fileBytes, name.length);
  }
  mkdirSync(join(root, 'empty'));
  mkdirSync(join(root, 'only', 'hollow'));
  setFolderTimes(root);
  const beside = ['note.txt', 'film.bin'].map((name) => putFile(bench.path(name), fileBytes));
  return [root, ...beside];
}

export function saved(): string[] {
  return namesBelow(receiver.directory);
}

export async function listed(id: TransferId): Promise<string[]> {
  const query = { transferId: id, text: '', filter: 'all', from: 0, count: 100 } as const;
  const { files } = await new FileLists({ home: receiver.home, thread: () => null }).page(
    'receive',
    query,
  );
  return files.map(({ path, state }) => `${path} ${state}`);
}

export async function restartReceiver(): Promise<void> {
  await receiver.stop();
  const { identity, directory, home } = receiver;
  receiver = await bench.receiver({ identity, place: { directory, home } });
}
