import { expect, test } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { watchTransfers } from '../../electron/terminal/watch.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { delivered, transfer } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';

/** If this fails, files arrive on a terminal that never says so. */

test('what is finished is told, also under an id of the history, and what was finished before is not', () => {
  const old = transfer(delivered, { direction: 'receive' });
  let shown = snapshot({ transfers: [old] });
  let look: (now: Snapshot) => void = () => undefined;
  const told: unknown[] = [];
  const engine = {
    snapshot: () => shown,
    subscribe: (listener: typeof look) => {
      look = listener;
      return () => undefined;
    },
  } as unknown as Engine;
  const output = {
    json: true,
    screen: null,
    line: () => undefined,
    warn: () => undefined,
    event: ({ event }: Readonly<Record<string, unknown>>) => told.push(event),
    fail: () => undefined,
  };
  const watch = watchTransfers({ engine, output, saysOffers: false, onChange: () => undefined });
  look(shown);
  expect(told).toEqual([]);
  shown = snapshot({ transfers: [{ ...old, startedAtMs: old.startedAtMs + 1 }] });
  look(shown);
  expect(told).toContain('offer');
  expect(told).toContain('delivered');
  watch.stop();
});
