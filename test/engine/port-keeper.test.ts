import { expect, test } from 'vitest';
import { PortKeeper, REOPEN_AFTER_MS, STEADY_MS } from '../../electron/engine/port-keeper.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type {
  ListenOptions,
  TransferEvent,
} from '../../electron/engine/transfer/worker-messages.ts';
import { DroplineError, failure } from '../../shared/errors.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { HandClock } from '../support/hand-clock.ts';

/** The port that is opened again where its thread dies: how often, by which number, and what goes on. */

const WHY = failure('INTERNAL', { reason: 'died' });
const LISTEN: ListenOptions = { mode: 'tls', host: null, port: 0, otherPortIfTaken: false };
const self = {
  id: '0'.repeat(64) as PeerId,
  name: 'Ben',
  platform: 'linux',
  host: null,
  port: null,
  addresses: [],
  directory: '/inbox',
  discovery: 'off',
  keyKept: 'owner',
  hasKeyStore: false,
  isNew: false,
} as const;

function kept() {
  const clock = new HandClock();
  const store = new Store(initialState(self, settingsSchema.parse({}), []), clock);
  const asked: ListenOptions[] = [];
  const ends: TransferId[] = [];
  /** What the next thread says; undefined: it opens port 7. */
  const answers: (DroplineError | undefined)[] = [];
  let closed = 0;
  let reopened = 0;
  const emit = (event: TransferEvent): void => {
    if (event.kind === 'ended') ends.push(event.transferId);
    store.apply({ kind: 'transferEvent', event, times: { nowMs: clock.nowMs(), epochMs: 0 } });
  };
  const keeper = new PortKeeper({
    store,
    clock,
    emit,
    threads: {
      openPort: async (options) => {
        asked.push(options);
        const answer = answers.shift();
        if (answer) throw answer;
        return { host: '::', port: 7 };
      },
      movePort: async () => null,
      closePort: async () => {
        closed++;
        return true;
      },
    },
    onReopened: () => reopened++,
  });
  return {
    keeper,
    store,
    asked,
    answers,
    ends,
    emit,
    counts: () => ({ closed, reopened }),
    /** Lets a try come, and waits until it is settled. */
    turn: async (ms: number) => {
      clock.turn(ms);
      for (let n = 0; n < 10; n++) await Promise.resolve();
    },
  };
}

function begin(emit: (event: TransferEvent) => void, digit: string, mode: 'tls' | 'plain' = 'tls') {
  const transferId = digit.repeat(32) as TransferId;
  const peer = { id: '1'.repeat(64) as PeerId, name: 'Anna', address: '10.0.0.2' };
  const totals = { files: 1, directories: 0, bytes: 9 };
  const what = { items: [], itemCount: 1, totals, leftOutCount: 0 };
  emit({ kind: 'offered', transferId, mode, peer, ...what, facts: [] } as never);
  return { transferId, restored: { kind: 'restored', transferId, peer, ...what } };
}

test('it comes back by the number it had, a few times, each later; then it is told once', async () => {
  const { keeper, store, asked, turn } = kept();
  await keeper.open(LISTEN);
  for (const ms of REOPEN_AFTER_MS) {
    keeper.lost(WHY);
    expect(store.state.self.port).toBe(null);
    await turn(ms - 1);
    expect(store.state.self.port).toBe(null);
    await turn(1);
    expect(store.state.self.port).toBe(7);
  }
  expect(asked.slice(1)).toEqual(
    REOPEN_AFTER_MS.map(() => ({ ...LISTEN, port: 7, otherPortIfTaken: true })),
  );
  expect(store.state.notices).toEqual([]);
  keeper.lost(WHY);
  await turn(2 * STEADY_MS);
  expect(store.state.notices.map((notice) => notice.failure)).toEqual([WHY]);
  expect(asked).toHaveLength(1 + REOPEN_AFTER_MS.length);
});

test('a port is not shown whose thread was lost while it opened, and it comes back', async () => {
  const { keeper, store, counts, turn } = kept();
  const opening = keeper.open(LISTEN);
  keeper.lost(WHY);
  await opening;
  expect(store.state.self.port).toBe(null);
  await turn(REOPEN_AFTER_MS[0]);
  expect(store.state.self.port).toBe(7);
  expect(counts().reopened).toBe(1);
});

test('all tries are there again for a thread that lived long', async () => {
  const { keeper, store, turn } = kept();
  await keeper.open(LISTEN);
  for (let n = 0; n < 3 * REOPEN_AFTER_MS.length; n++) {
    keeper.lost(WHY);
    await turn(REOPEN_AFTER_MS[0]);
    expect(store.state.self.port).toBe(7);
    await turn(STEADY_MS);
  }
  expect(store.state.notices).toEqual([]);
});

test('a number that is taken meanwhile is tried again, and given up in the end', async () => {
  const { keeper, store, asked, answers, counts, turn } = kept();
  await keeper.open({ ...LISTEN, port: 9 });
  answers.push(...REOPEN_AFTER_MS.map(() => new DroplineError('PORT_IN_USE')));
  keeper.lost(WHY);
  for (const ms of REOPEN_AFTER_MS) await turn(ms);
  expect(asked).toHaveLength(1 + REOPEN_AFTER_MS.length);
  expect(asked.at(-1)?.otherPortIfTaken).toBe(false);
  expect(counts().reopened).toBe(0);
  expect(store.state.notices).toHaveLength(1);
});

test('what the new thread finds goes on, and what it does not find has failed', async () => {
  const { keeper, store, ends, emit, turn } = kept();
  await keeper.open({ ...LISTEN, port: 9 });
  const [found, missing, asked, bare] = [
    begin(emit, 'a'),
    begin(emit, 'b'),
    begin(emit, 'c'),
    begin(emit, 'd', 'plain'),
  ];
  for (const { transferId } of [found, missing, bare]) {
    emit({ kind: 'started', transferId, keptBytes: 0 });
  }
  keeper.lost(WHY);
  expect(ends.sort()).toEqual([asked.transferId, bare.transferId]);
  isIn(store, found.transferId, 'interrupted');
  emit({ ...found.restored, startedAtMs: 0, bytes: 3 } as TransferEvent);
  keeper.restored(found.transferId);
  await turn(REOPEN_AFTER_MS[0]);
  expect(ends).toContain(missing.transferId);
  expect(ends).not.toContain(found.transferId);
  isIn(store, found.transferId, 'interrupted');
});

function isIn(store: Store, transferId: TransferId, phase: string): void {
  expect(store.state.transfers.find(({ id }) => id === transferId)?.phase).toBe(phase);
}

test('once it is stopped nothing is opened any more', async () => {
  const { keeper, asked, turn } = kept();
  await keeper.open(LISTEN);
  keeper.lost(WHY);
  keeper.stop();
  await turn(2 * STEADY_MS);
  expect(asked).toHaveLength(1);
});
