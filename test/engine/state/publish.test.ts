import { expect, test } from 'vitest';
import type { Change } from '../../../electron/engine/state/reduce.ts';
import { Store } from '../../../electron/engine/state/store.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { declined, empty, happened, id, offered, started } from '../../support/store-events.ts';

/** How often is told what happens to the engine's state. */

function told(store: Store): Snapshot[] {
  const seen: Snapshot[] = [];
  store.subscribe((snapshot) => seen.push(snapshot));
  return seen;
}

const named = (name: string): Change => ({ kind: 'self', self: { name } });

test('a first change is told at once, the next ones a tenth of a second apart, the last always', () => {
  const clock = new HandClock();
  const store = new Store(empty(), clock);
  const seen = told(store);
  store.apply(named('1'));
  clock.turn(0);
  expect(seen.map((s) => s.self.name)).toEqual(['1']);
  for (let n = 2; n <= 50; n++) {
    store.apply(named(String(n)));
    clock.turn(10);
  }
  expect(seen.length).toBeLessThanOrEqual(6);
  clock.turn(100);
  expect(seen.at(-1)!.self.name).toBe('50');
  expect(clock.pending).toBe(0);
});

/** If this fails, a command waits a tenth of a second for nothing before it says that all has arrived. */
test('that a transfer has ended is told at once, and what was held back with it', () => {
  const clock = new HandClock();
  const store = new Store(empty(), clock);
  const seen = told(store);
  store.apply(happened(offered(1)));
  clock.turn(0);
  store.apply(happened(started));
  store.apply(happened(declined));
  clock.turn(0);
  expect(seen.map((s) => s.transfers[0]!.phase)).toEqual(['offered', 'declined']);
  expect(clock.pending).toBe(0);
});

/** If this fails, a peer that offers and takes back without rest stalls the window. */
test('of what ends without rest no more is told than twenty times a second, and the last always', () => {
  const clock = new HandClock();
  const store = new Store(empty(), clock);
  const seen = told(store);
  for (let n = 1; n <= 1_000; n++) {
    store.apply(happened(offered(n)));
    store.apply(happened({ ...declined, transferId: id(n) }));
    clock.turn(5);
  }
  // five seconds, and what may be told at once after a rest
  expect(seen.length).toBeLessThanOrEqual(5 * 20 + 12);
  clock.turn(100);
  expect(seen.at(-1)).toBe(store.snapshot);
  expect(clock.pending).toBe(0);
});

/** If this fails, who sends one small thing after the other waits a tenth of a second for each. */
test('a few that end shortly after each other are each told at once', () => {
  const clock = new HandClock();
  const store = new Store(empty(), clock);
  const seen = told(store);
  for (let n = 1; n <= 8; n++) {
    store.apply(happened({ ...declined, transferId: id(n) }));
    clock.turn(0);
    expect(seen).toHaveLength(n);
    clock.turn(5);
  }
});

test('what can be read is never older than what was changed', () => {
  const store = new Store(empty(), new HandClock());
  store.apply(named('now'));
  expect(store.snapshot.self.name).toBe('now');
});

test('stopping tells what is still held back, and nothing after it', () => {
  const clock = new HandClock();
  const store = new Store(empty(), clock);
  const seen = told(store);
  store.apply(named('1'));
  clock.turn(0);
  store.apply(named('2'));
  store.stop();
  store.apply(named('3'));
  clock.turn(1000);
  expect(seen.map((s) => s.self.name)).toEqual(['1', '2']);
});

test('a listener that leaves while it is told hears nothing more', () => {
  const clock = new HandClock();
  const store = new Store(empty(), clock);
  let heard = 0;
  const leave = store.subscribe(() => {
    heard++;
    leave();
  });
  for (const name of ['1', '2']) {
    store.apply(named(name));
    clock.turn(200);
  }
  expect(heard).toBe(1);
});
