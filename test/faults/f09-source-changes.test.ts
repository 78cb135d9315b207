import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { bytesOf } from '../support/memory-tree.ts';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';
import { promise } from './support/matrix.ts';
import type { Version } from './support/oracle.ts';
import { mustBeRight, versionAt, versionOf } from './support/oracle.ts';
import { endOf, openPair } from './support/pair.ts';
import type { Random } from './support/random.ts';
import { entryAt, putFile, setTime } from '../support/trees.ts';

/**
 * If this fails, a person sends a document while a program is saving it, and the other side gets a file
 * that never existed: half of the old version and half of the new one, under its own name, "delivered".
 */

const KIB = 1024;
const WAYS = ['grown', 'truncated', 'rewritten', 'replaced', 'deleted', 'touched back'] as const;
type Way = (typeof WAYS)[number];

/** Answers the version that is there now; null: none. */
function change(path: string, way: Way, random: Random): Version | null {
  const { size } = fs.statSync(path);
  const content = bytesOf(Math.max(1, size), random.int(1, 1_000_000));
  const seconds = (Number(entryAt(path).modifiedUs) + 0.25) / 1e6;
  switch (way) {
    case 'grown':
      fs.appendFileSync(path, content.subarray(0, random.int(1, content.length)));
      break;
    case 'truncated':
      fs.truncateSync(path, random.int(0, Math.max(0, size - 1)));
      break;
    case 'rewritten': {
      const from = random.int(0, Math.max(0, size - 1));
      const fd = fs.openSync(path, 'r+');
      fs.writeSync(fd, content, from, content.length - from, from);
      fs.closeSync(fd);
      break;
    }
    case 'replaced':
      fs.writeFileSync(`${path}.new`, content);
      fs.renameSync(`${path}.new`, path);
      setTime(path, seconds);
      break;
    case 'deleted':
      fs.rmSync(path);
      return null;
    case 'touched back':
      // what a program does that keeps times: size, time and inode are as they were
      fs.writeFileSync(path, content.subarray(0, size));
      setTime(path, seconds);
      break;
  }
  return versionAt(path);
}

promise({
  id: 'F09',
  says: 'a file that changes while it is sent arrives as one version, or not at all and is named',
  quick: 12,
  full: 200,
  run: async (random, trial) => {
    const way = WAYS[trial.turn % WAYS.length] as Way;
    const bytes = random.pick([random.int(1, 300 * KIB), random.int(1, 6 * KIB * KIB)]);
    const at = random.int(0, bytes);
    trial.note(`${way} at ${at} of ${bytes}`);
    let path = '';
    let readBytes = 0;
    let changed: Version | null | undefined;
    const readSync = ((fd: number, to: Uint8Array, start: number, count: number, from: number) => {
      const isIt = changed === undefined && fs.fstatSync(fd).ino === fs.statSync(path).ino;
      if (isIt && readBytes + count > at) changed = change(path, way, random);
      const got = fs.readSync(fd, to, start, count, from);
      readBytes += got;
      return got;
    }) as FileSystem['readSync'];
    const { bench, sender, receiver } = await openPair(trial, { sender: { fs: { readSync } } });
    path = putFile(bench.path('source', 'folder', 'doc.bin'), bytes, random.int(1, 1_000_000));
    const other = putFile(join(dirname(path), 'other.bin'), 10 * KIB, 3);
    const inFolder = random.chance(0.5);
    const before = versionAt(path);

    const id = await sender.send(inFolder ? [dirname(path)] : [path, other], receiver.port);
    const sent = await endOf(sender, id);
    const received = await endOf(receiver, id);

    const prefix = inFolder ? 'folder/' : '';
    const versions = [before, ...(changed ? [changed] : [])];
    const { found } = await mustBeRight(receiver.directory, {
      versions: {
        [`${prefix}doc.bin`]: versions,
        [`${prefix}other.bin`]: [versionOf(bytesOf(10 * KIB, 3))],
      },
      must: [`${prefix}other.bin`],
    });
    if (sent.kind !== 'delivered') throw new Error(`sent: ${JSON.stringify(sent)}`);
    const arrived = found.some((entry) => entry.path === `${prefix}doc.bin`);
    for (const side of [sent, received]) {
      const isNamed = side.failed.includes(`${prefix}doc.bin`);
      if (arrived === isNamed) throw new Error(`arrived: ${arrived}, named as failed: ${isNamed}`);
    }
  },
});
