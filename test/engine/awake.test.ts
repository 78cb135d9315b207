import fc from 'fast-check';
import { afterAll, afterEach, expect, test } from 'vitest';
import { followTransfers, movesBytes } from '../../electron/engine/awake.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { PhaseName, TransferId } from '../../shared/model/transfer.ts';
import type { TestEngine } from '../support/engines.ts';
import { Ground } from '../support/engines.ts';
import { NO_SHELL } from '../support/no-shell.ts';
import { Proxy } from '../support/proxy.ts';
import { everyPhase } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';
import { putFile } from '../support/trees.ts';

/** If these fail, a computer falls asleep in the middle of a transfer, or never again. */

const ground = new Ground();
afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

/** A system that counts how often it is held awake now, and ever was. */
function countingShell() {
  const counts = { held: 0, ever: 0 };
  const keepAwake = () => {
    counts.held++;
    counts.ever++;
    return () => {
      counts.held--;
    };
  };
  return { counts, shell: { ...NO_SHELL, keepAwake } };
}

test('bytes move while a transfer runs and while it finishes, and in no other phase', () => {
  const moving = everyPhase.filter((transfer) => movesBytes([transfer]));
  expect(new Set(moving.map(({ phase }) => phase))).toEqual(
    new Set<PhaseName>(['transferring', 'finishing']),
  );
});

test('it is held once while any transfer moves bytes, and not at all while none does', () => {
  const some = fc.subarray([...everyPhase]);
  fc.assert(
    fc.property(fc.array(some), (steps) => {
      const { counts, shell } = countingShell();
      const listeners = new Set<(snapshot: Snapshot) => void>();
      const subscribe = (listener: (snapshot: Snapshot) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      };
      const stop = followTransfers({ subscribe }, shell);
      for (const transfers of steps) {
        for (const tell of listeners) tell(snapshot({ transfers }));
        expect(counts.held).toBe(movesBytes(transfers) ? 1 : 0);
      }
      stop();
      expect([counts.held, listeners.size]).toEqual([0, 0]);
    }),
  );
});

/** What was received of it is not wanted any more. */
async function discarded(at: TestEngine, id: TransferId): Promise<void> {
  await at.cancel(id);
  await at.until(id, 'cancelled');
}

test('both computers stay awake while a transfer runs, and may sleep when its wire is cut', async () => {
  const [atAnna, atBen] = [countingShell(), countingShell()];
  const [anna, ben] = await Promise.all([
    ground.start('Anna', { shell: atAnna.shell }),
    ground.start('Ben', { shell: atBen.shell }),
  ]);
  const proxy = await Proxy.open(ben.port);
  proxy.setFates({ stallAfterBytes: 5_000_000 });
  const id = await anna.send([putFile(ground.path('film.mp4'), 20_000_000)], proxy.port);
  await expect.poll(() => [atAnna.counts.held, atBen.counts.held]).toEqual([1, 1]);
  await proxy.stop();
  await Promise.all([anna.until(id, 'interrupted'), ben.until(id, 'interrupted')]);
  await expect.poll(() => [atAnna.counts.held, atBen.counts.held]).toEqual([0, 0]);
  await discarded(ben, id);
});

test('an engine that stops in the middle lets go', async () => {
  const { counts, shell } = countingShell();
  const [anna, ben] = await Promise.all([ground.start('Anna', { shell }), ground.start('Ben')]);
  const proxy = await Proxy.open(ben.port);
  proxy.setFates({ stallAfterBytes: 5_000_000 });
  const id = await anna.send([putFile(ground.path('film.mp4'), 20_000_000)], proxy.port);
  await expect.poll(() => counts.held).toBe(1);
  await anna.engine.stop();
  expect(counts).toEqual({ held: 0, ever: 1 });
  await proxy.stop();
  await ben.until(id, 'interrupted');
  await discarded(ben, id);
});
