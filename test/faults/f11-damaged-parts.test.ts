import fs from 'node:fs';
import { join } from 'node:path';
import { leftovers, putFile } from '../support/trees.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { endOf, openPair, putSelection } from './support/pair.ts';
import type { Random } from './support/random.ts';

/**
 * If this fails, a disk that is going bad, or a program that tidies up, changes what lies there half done,
 * and it ends up in the middle of a file that is called whole.
 */

const MIB = 1024 * 1024;
const WAYS = [
  'flip',
  'truncate',
  'grow',
  'empty',
  'remove',
  'swap',
  'old version',
  'header',
] as const;
type Way = (typeof WAYS)[number];

function damage(path: string, way: Way, others: readonly string[], random: Random): void {
  const { size } = fs.statSync(path);
  switch (way) {
    case 'flip': {
      const content = fs.readFileSync(path);
      if (size === 0) return;
      for (let n = random.int(1, 3); n > 0; n--) {
        const at = random.int(0, size - 1);
        content[at] = (content[at] ?? 0) ^ (1 << random.int(0, 7));
      }
      fs.writeFileSync(path, content);
      break;
    }
    case 'truncate':
      fs.truncateSync(path, random.int(0, size));
      break;
    case 'grow':
      fs.appendFileSync(path, new Uint8Array(random.int(1, 2 * MIB)).fill(7));
      break;
    case 'empty':
      fs.truncateSync(path, 0);
      break;
    case 'remove':
      fs.rmSync(path);
      break;
    case 'swap': {
      const other = random.pick(others);
      const [a, b] = [fs.readFileSync(path), fs.readFileSync(other)];
      fs.writeFileSync(path, b);
      if (other !== path) fs.writeFileSync(other, a);
      break;
    }
    case 'header': {
      // a sector, wherever it begins
      const content = fs.readFileSync(path);
      const sectorBytes = random.pick([512, 4096]);
      const at = random.int(0, content.indexOf('\n'));
      const from = at - (at % sectorBytes);
      content.fill(0, from, from + sectorBytes);
      fs.writeFileSync(path, content);
      break;
    }
    case 'old version': {
      const text = fs.readFileSync(path, 'utf8').replaceAll('"version":1', '"version":0');
      fs.writeFileSync(path, text);
      break;
    }
  }
}

promise({
  id: 'F11',
  says: 'parts and journals that were damaged are looked through again, and only what is bad is resent',
  quick: 2 * WAYS.length,
  full: 500,
  run: async (random, trial) => {
    const way = WAYS[trial.turn % WAYS.length] as Way;
    const ofJournal = way === 'old version' || way === 'header' || random.chance(0.4);
    const isLost = ofJournal && way !== 'header';
    const { bench, sender, receiver, proxy } = await openPair(trial);
    const paths = putSelection(bench.path('source'), random, 4 * MIB);
    paths.push(putFile(bench.path('source', 'last.bin'), random.int(MIB, 4 * MIB), 77));
    const expected = sentAs(paths);
    const bytes = Object.values(expected.versions).reduce((n, [v]) => n + (v?.bytes ?? 0), 0);
    proxy.setFates({ cutAfterBytes: random.int(20_000, bytes) });
    const id = await sender.send(paths, proxy.port);
    await receiver.event('interrupted', id);
    proxy.refuse(true);
    proxy.cut();
    await receiver.stop();

    const journals = fs.readdirSync(join(receiver.home, 'journal'));
    const journal = journals.map((name) => join(receiver.home, 'journal', name));
    const parts = leftovers(receiver.directory)
      .map((name) => join(receiver.directory, name))
      .filter((path) => fs.statSync(path).isFile());
    const candidates = ofJournal ? journal : parts;
    trial.note(`${way} of ${ofJournal ? 'the journal' : 'a part'}, ${parts.length} parts`);
    if (candidates.length > 0) damage(random.pick(candidates), way, candidates, random);

    const { home, directory, identity } = receiver;
    const again = await bench.receiver({ place: { home, directory }, identity });
    proxy.retarget(again.port);
    proxy.refuse(false);
    const sent = await endOf(sender, id);
    if (sent.kind !== 'delivered' || sent.failed.length > 0) throw new Error(JSON.stringify(sent));
    await again.outcome('delivered', id);
    // without its journal nobody knows what is ours: it stays, and what had its name comes beside it
    await mustBeRight(directory, { ...expected, leftovers: isLost, numbered: isLost });
    return undefined;
  },
});
