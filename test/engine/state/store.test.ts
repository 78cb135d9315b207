import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../../electron/engine/state/reduce.ts';
import { reduce, toSnapshot } from '../../../electron/engine/state/reduce.ts';
import type { TransferEvent } from '../../../electron/engine/transfer/worker-messages.ts';
import { failure } from '../../../shared/errors.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { PausedBy, Transfer } from '../../../shared/model/transfer.ts';
import { NO_PROBLEMS, isFinished } from '../../../shared/model/transfer.ts';
import { plan as aPlan } from '../../support/plans.ts';
import {
  declined,
  empty,
  happened,
  id,
  offered,
  peer,
  started,
} from '../../support/store-events.ts';

/** The engine's state, and what happens to it. */

function after(...changes: readonly Change[]): readonly Transfer[] {
  return toSnapshot(changes.reduce(reduce, empty())).transfers;
}

test('an offer becomes a transfer, with a name that is safe to show', () => {
  const event = { ...offered(1), peer: { ...peer, name: 'Ben\u202e\n<b>' } } as TransferEvent;
  const [transfer] = after(happened(event, 7));
  expect(transfer).toMatchObject({
    phase: 'offered',
    direction: 'receive',
    peer: { name: 'Ben <b>', verified: false, address: '10.0.0.2' },
    leftOut: { count: 2, examples: [] },
    startedAtMs: 12,
  });
});

test('a plan belongs to an offer that waits, and goes with the answer', () => {
  const planned = (plan: Plan | null): TransferEvent => ({
    kind: 'planned',
    transferId: id(1),
    plan,
  });
  const plans = [aPlan(), aPlan({ directory: '/elsewhere' }), null];
  const changes: Change[] = [happened(offered(1))];
  expect(after(...changes)[0]).toMatchObject({ phase: 'offered', plan: null });
  for (const plan of plans) {
    changes.push(happened(planned(plan)));
    expect(after(...changes)[0]).toMatchObject({ phase: 'offered', plan });
  }
  const [transfer] = after(...changes, happened(started), happened(planned(aPlan())));
  expect(transfer).toMatchObject({ phase: 'transferring' });
  expect(transfer).not.toHaveProperty('plan');
});

test('counts move only what is being transferred, and give a rate and the time that is left', () => {
  const counts = (bytes: number): TransferEvent => ({
    kind: 'counts',
    counts: [
      { transferId: id(1), bytes, files: 1, limitedBy: 'network' },
      { transferId: id(2), bytes, files: 1, limitedBy: null },
    ],
  });
  const [two, one] = after(
    happened(offered(1)),
    happened(offered(2)),
    happened(started),
    happened(counts(200), 0),
    happened(counts(300), 1000),
  );
  expect(one).toMatchObject({
    phase: 'transferring',
    keptBytes: 100,
    bytes: 300,
    bytesPerSecond: 100,
    remainingMs: 7000,
    course: [100, 100],
    limitedBy: 'network',
  });
  expect(two).toMatchObject({ phase: 'offered' });
});

test('counts never show more than the whole', () => {
  const counts: TransferEvent = {
    kind: 'counts',
    counts: [{ transferId: id(1), bytes: 5000, files: 1, limitedBy: null }],
  };
  const [one] = after(happened(offered(1)), happened(started), happened(counts));
  expect(one).toMatchObject({ bytes: 1000 });
});

test('what was cut shows how far it was, and a rate begins anew', () => {
  const cut: TransferEvent = {
    kind: 'interrupted',
    transferId: id(1),
    failure: failure('PEER_GONE'),
  };
  const state = [happened(offered(1)), happened(started), happened(cut)].reduce(reduce, empty());
  expect(state.transfers[0]).toMatchObject({ phase: 'interrupted', bytes: 100 });
  expect([...state.paces.values()].filter(({ isHalted }) => !isHalted)).toEqual([]);
});

describe('what stands still', () => {
  const paused = (by: PausedBy | null): Change =>
    happened({ kind: 'paused', transferId: id(1), by });
  const cut: Change = happened({
    kind: 'interrupted',
    transferId: id(1),
    failure: failure('PEER_GONE'),
  });
  const counts = (bytes: number, nowMs = 0): Change =>
    happened(
      { kind: 'counts', counts: [{ transferId: id(1), bytes, files: 2, limitedBy: null }] },
      nowMs,
    );
  const running = [happened(offered(1)), happened(started), counts(300)];

  test('shows who wants it, and still counts what was on its way', () => {
    const [one] = after(...running, paused('us'), counts(400), paused('both'));
    expect(one).toMatchObject({ phase: 'paused', by: 'both', bytes: 400, files: 2 });
    expect(one).not.toHaveProperty('bytesPerSecond');
  });

  test('goes on from there, and how fast is measured anew', () => {
    const state = [...running, paused('peer'), paused(null)].reduce(reduce, empty());
    expect(state.transfers[0]).toMatchObject({
      phase: 'transferring',
      bytes: 300,
      files: 2,
      bytesPerSecond: 0,
      remainingMs: null,
    });
    expect([...state.paces.values()].filter(({ isHalted }) => !isHalted)).toEqual([]);
  });

  test('is what a cut transfer does that its person stops, and not one that nobody stops', () => {
    expect(after(...running, cut, paused('us'))[0]).toMatchObject({ phase: 'paused', bytes: 300 });
    expect(after(...running, cut, paused(null))[0]).toMatchObject({ phase: 'interrupted' });
    expect(after(...running, paused('peer'), cut)[0]).toMatchObject({
      phase: 'interrupted',
      bytes: 300,
    });
  });

  test('is nothing that has not begun or has ended', () => {
    const finishing = happened({ kind: 'finishing', transferId: id(1) });
    expect(after(happened(offered(1)), paused('us'))[0]).toMatchObject({ phase: 'offered' });
    expect(after(...running, finishing, paused('us'))[0]).toMatchObject({ phase: 'finishing' });
    expect(after(happened(offered(1)), happened(declined), paused('us'))[0]).toMatchObject({
      phase: 'declined',
    });
  });
});

test('a finished transfer hears nothing more', () => {
  const events: readonly TransferEvent[] = [
    started,
    { kind: 'finishing', transferId: id(1) },
    { kind: 'connecting', transferId: id(1) },
    { kind: 'waiting', transferId: id(1), peer, port: 1 },
    { kind: 'ended', transferId: id(1), outcome: { kind: 'cancelled', by: 'us' } },
    { kind: 'counts', counts: [{ transferId: id(1), bytes: 1, files: 0, limitedBy: null }] },
  ];
  const before = after(happened(offered(1)), happened(declined));
  for (const event of events) {
    const [transfer] = after(happened(offered(1)), happened(declined), happened(event));
    expect(transfer).toEqual(before[0]);
  }
});

test('events about transfers that nobody knows change nothing', () => {
  expect(after(happened(started), happened(declined))).toEqual([]);
});

test('of finished transfers the newest two hundred stay, of others all', () => {
  const changes: Change[] = [];
  for (let n = 0; n < 500; n++) {
    changes.push(happened(offered(n)));
    const end = { ...declined, transferId: id(n) } as TransferEvent;
    if (n % 2 === 0) changes.push(happened(end));
  }
  const transfers = after(...changes);
  expect(transfers.filter(isFinished)).toHaveLength(200);
  expect(transfers.filter((t) => !isFinished(t))).toHaveLength(250);
  expect(transfers[0]!.id).toBe(id(499));
});

test('a delivery takes its totals from what arrived', () => {
  const outcome = {
    kind: 'delivered',
    hash: 'sha256:00',
    verified: true,
    files: 0,
    bytes: 0,
    sentBytes: 900,
    failed: { count: 1, examples: [{ path: 'a', code: 'SOURCE_CHANGED' }] },
    savedAs: '/home/mara/a',
  } as const;
  const [one] = after(
    happened(offered(1)),
    happened(started),
    happened({ kind: 'ended', transferId: id(1), outcome }, 3),
  );
  expect(one).toMatchObject({
    phase: 'delivered',
    totals: { files: 0, bytes: 0 },
    savedAs: '/home/mara/a',
    failed: outcome.failed,
    finishedAtMs: 8,
  });
  expect(one).not.toHaveProperty('bytesPerSecond');
});

test('a bare exchange, which tells no size, shows what has come', () => {
  const counts: TransferEvent = {
    kind: 'counts',
    counts: [{ transferId: id(1), bytes: 5000, files: 0, limitedBy: null }],
  };
  const plain = { ...offered(1), mode: 'plain' } as TransferEvent;
  const [one] = after(happened(plain), happened(started), happened(counts));
  expect(one).toMatchObject({ bytes: 5000, totals: { bytes: 5000 }, remainingMs: null });
});

test('of notices that nobody dismisses the latest fifty stay', () => {
  const noticed = { kind: 'noticed', failure: failure('INTERNAL') } as const;
  const { notices } = Array.from({ length: 60 }, () => noticed).reduce(reduce, empty());
  expect(notices.map((notice) => notice.id)).toEqual(
    Array.from({ length: 50 }, (_, n) => `n${n + 10}`),
  );
});

test('notices have names of their own and go one by one', () => {
  const state = [
    { kind: 'noticed', failure: failure('INTERNAL') } as const,
    { kind: 'noticed', failure: failure('INTERNAL') } as const,
    { kind: 'noticeDismissed', id: 'n0' } as const,
    { kind: 'noticed', failure: failure('DISK_FULL') } as const,
  ].reduce(reduce, empty());
  expect(state.notices.map((notice) => notice.id)).toEqual(['n1', 'n2']);
});

test('no order of events makes a transfer that breaks its own rules', () => {
  const events: readonly TransferEvent[] = [
    offered(1),
    started,
    { kind: 'finishing', transferId: id(1) },
    { kind: 'connecting', transferId: id(1) },
    { kind: 'waiting', transferId: id(1), peer, port: 1 },
    { kind: 'interrupted', transferId: id(1), failure: failure('PEER_GONE') },
    { kind: 'counts', counts: [{ transferId: id(1), bytes: 700, files: 0, limitedBy: null }] },
    declined,
    {
      kind: 'prepared',
      transferId: id(1),
      items: [],
      itemCount: 0,
      totals: { files: 0, directories: 0, bytes: 9 },
      leftOut: NO_PROBLEMS,
    },
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (sequence) => {
      const transfers = after(...sequence.map((event, n) => happened(event, n * 10)));
      expect(transfers.length).toBeLessThanOrEqual(1);
      for (const transfer of transfers) {
        expect('finishedAtMs' in transfer).toBe(isFinished(transfer));
        expect('bytesPerSecond' in transfer).toBe(transfer.phase === 'transferring');
      }
    }),
  );
});
