import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_OFFERS_PER_PEER } from '../../shared/protocol/limits.ts';
import { putFile } from '../support/trees.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, versionAt } from './support/oracle.ts';
import { openPair, putAny } from './support/pair.ts';

/**
 * If this fails, two people send their `report.pdf` at the same time, and one of the two is nowhere: the
 * other one lies in its place.
 */

const KIB = 1024;

promise({
  id: 'F22',
  says: 'whatever comes at the same time under the same name is all there, each under a name of its own',
  quick: 12,
  full: 1_000,
  run: async (random, trial) => {
    const { bench, sender: first, receiver } = await openPair(trial);
    const senders = [first, await bench.sender()];
    const isFolder = random.chance(0.4);
    const name = isFolder ? 'trip' : random.pick(['report.pdf', 'README', 'a.tar.gz', '.profile']);
    const most = random.pick([2 * KIB, 1500 * KIB]);
    const versions = [];
    const sends: [(typeof senders)[number], string][] = [];
    const waitingOf = (one: typeof first) => sends.filter(([sender]) => sender === one).length;
    const count = random.int(2, 4);
    for (let n = 0; n < count; n++) {
      const path = join(bench.path(`source ${n}`), name);
      if (isFolder) putFile(join(path, 'in', 'a.bin'), random.int(1, most), 1000 + n);
      else putAny(path, random, most);
      const times = random.chance(0.2) ? 2 : 1; // the same thing twice
      const file = isFolder ? join(path, 'in', 'a.bin') : path;
      for (let time = 0; time < times; time++) {
        const free = senders.filter((one) => waitingOf(one) < MAX_OFFERS_PER_PEER);
        if (free.length === 0) continue;
        sends.push([random.pick(free), path]);
        versions.push(versionAt(file));
      }
    }
    const untouched: Record<string, ReturnType<typeof versionAt>> = {};
    if (random.chance(0.4) && !isFolder) {
      const mine = join(receiver.directory, name);
      writeFileSync(mine, 'mine');
      untouched[mine] = versionAt(mine);
      versions.push(versionAt(mine));
    }
    trial.note(`${sends.length} times ${name}, most ${most}`);

    const ids = await Promise.all(
      sends.map(([sender, path]) => sender.send([path], receiver.port)),
    );
    await Promise.all(
      ids.map(async (id, n) => {
        const { failed } = await (sends[n]?.[0] ?? first).outcome('delivered', id);
        if (failed.count > 0) throw new Error(JSON.stringify(failed));
        await receiver.outcome('delivered', id);
      }),
    );
    const inside = isFolder ? `${name}/in/a.bin` : name;
    const { found } = await mustBeRight(receiver.directory, {
      versions: { [inside]: versions },
      numbered: true,
      untouched,
    });
    const there = found.filter(({ kind }) => kind === 'file').map(({ sha256 }) => sha256);
    const wanted = versions.map(({ sha256 }) => sha256);
    if (there.sort().join() !== wanted.sort().join()) {
      throw new Error(`${there.length} of ${wanted.length} are there`);
    }
    return undefined;
  },
});
