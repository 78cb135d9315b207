import fs from 'node:fs';
import { bytesOf } from '../support/memory-tree.ts';
import { entryAt, putFile, setTime } from '../support/trees.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { endOf, openPair } from './support/pair.ts';
import type { Random } from './support/random.ts';

/**
 * If this fails, somebody whose connection broke works on in the document and sends it again, and what
 * arrives begins with yesterday's version and ends with today's.
 */

const MIB = 1024 * 1024;
const EDITS = ['same size', 'same size and time', 'longer', 'shorter', 'replaced'] as const;
type Edit = (typeof EDITS)[number];

function edit(path: string, how: Edit, random: Random): void {
  const { size } = fs.statSync(path);
  const seconds = (Number(entryAt(path).modifiedUs) + 0.25) / 1e6;
  const other = bytesOf(size, random.int(1, 1_000_000));
  // what a person changes is somewhere: the blocks before and after it may be as they were
  const from = random.int(0, size - 1);
  const part = other.subarray(from, random.int(from + 1, size));
  if (how === 'replaced') {
    fs.writeFileSync(`${path}.new`, other);
    fs.renameSync(`${path}.new`, path);
  } else {
    const fd = fs.openSync(path, 'r+');
    fs.writeSync(fd, part, 0, part.length, from);
    if (how === 'longer') fs.writeSync(fd, part, 0, part.length, size);
    if (how === 'shorter') fs.ftruncateSync(fd, random.int(0, size - 1));
    fs.closeSync(fd);
  }
  if (how === 'same size and time') setTime(path, seconds);
}

promise({
  id: 'F10',
  says: 'a source that was changed while the wire was cut arrives as it is now, and nothing is mixed',
  quick: 10,
  full: 100,
  run: async (random, trial) => {
    const how = EDITS[trial.turn % EDITS.length] as Edit;
    const { bench, sender, receiver, proxy } = await openPair(trial);
    const bytes = random.int(2 * MIB, 12 * MIB);
    const inFolder = random.chance(0.5);
    const path = putFile(bench.path('work', 'doc.bin'), bytes, random.int(1, 1_000_000));
    const paths = inFolder ? [bench.path('work')] : [path];
    if (inFolder) putFile(bench.path('work', 'other.bin'), 5_000, 7);
    const cutAfterBytes = random.int(20_000, bytes);
    trial.note(`${how}, cut at ${cutAfterBytes} of ${bytes}`);
    proxy.setFates({ cutAfterBytes });
    const first = await sender.send(paths, proxy.port, { retryForMs: 0 });
    await sender.event('ended', first);
    await receiver.event('interrupted', first);
    edit(path, how, random);

    const id = await sender.send(paths, proxy.port);
    const sent = await endOf(sender, id);
    if (sent.kind !== 'delivered' || sent.failed.length > 0) throw new Error(JSON.stringify(sent));
    await receiver.outcome('delivered', id);
    await mustBeRight(receiver.directory, sentAs(paths));
    return undefined;
  },
});
