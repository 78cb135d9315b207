import { expect, test } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { watchTransfers } from '../../electron/terminal/watch.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { delivered, sending, transfer } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';

/** If this fails, files arrive on a terminal that never says so. */

test('what is finished is told, also under an id of the history, and what was finished before is not', () => {
  const old = transfer(delivered, { direction: 'receive' });
  const { show, told, stop } = watching(snapshot({ transfers: [old] }));
  show(snapshot({ transfers: [old] }));
  expect(told).toEqual([]);
  show(snapshot({ transfers: [{ ...old, startedAtMs: old.startedAtMs + 1 }] }));
  expect(told).toContain('offer');
  expect(told).toContain('delivered');
  stop();
});

test('what is shown no more is forgotten: another under its id is told', () => {
  const one = transfer(delivered, { direction: 'receive' });
  const { show, told, stop } = watching(snapshot({ transfers: [] }));
  const counts = [one, null, one].map((shown) => {
    show(snapshot({ transfers: shown ? [shown] : [] }));
    return told.filter((event) => event === 'delivered').length;
  });
  expect(counts).toEqual([1, 1, 2]);
  stop();
});

test('what goes on after a cut says so, also where nothing had come before it', () => {
  const cut = {
    phase: 'interrupted',
    bytes: 0,
    failure: { code: 'PEER_GONE', details: {} },
  } as const;
  const first = { ...sending, bytes: 0 };
  const { show, told, stop } = watching(snapshot({ transfers: [first] }));
  const resumed = () => told.filter((event) => event === 'resumed').length;
  const again = { ...first, bytes: 10 };
  const counts = [
    first,
    transfer(cut, { id: first.id, startedAtMs: first.startedAtMs }),
    again,
    again,
  ].map((shown) => {
    show(snapshot({ transfers: [shown] }));
    return resumed();
  });
  expect(counts).toEqual([0, 0, 1, 1]);
  stop();
});

function watching(first: Snapshot) {
  let shown = first;
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
  const show = (now: Snapshot): void => {
    shown = now;
    look(now);
  };
  return { show, told, stop: () => watch.stop() };
}
