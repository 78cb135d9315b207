import { expect, test } from 'vitest';
import { formatLine, parseLine } from '../../../electron/engine/history-line.ts';
import {
  applyEvent,
  continuedTransfer,
  restoredTransfer,
} from '../../../electron/engine/state/reduce-transfer.ts';
import type { Transfer, TransferId } from '../../../shared/model/transfer.ts';
import { offeredTotals, someOfAll } from '../../../shared/model/transfer.ts';
import { transfer as made } from '../../support/shown-transfers.ts';

/** What is counted of a transfer of which only some is wanted. */

const transferId = 'ab'.repeat(16) as TransferId;
const TOTALS = { files: 12, directories: 3, bytes: 1_200 };
const UNWANTED = { files: 9, directories: 1, bytes: 900 };
const LEFT = { files: 3, directories: 2, bytes: 300 };
const times = { nowMs: 1, epochMs: 2 };

const waiting: Transfer = {
  ...made({ phase: 'waiting' }),
  id: transferId,
  totals: TOTALS,
};
const STARTED = { kind: 'started', transferId, keptBytes: 0, unwanted: UNWANTED } as const;
const WAITING = {
  kind: 'waiting',
  transferId,
  peer: { id: null, name: 'Ben', address: '10.0.0.2' },
  port: 1,
} as const;
const DELIVERED = {
  kind: 'ended',
  transferId,
  outcome: {
    kind: 'delivered',
    hash: null,
    verified: true,
    files: 2,
    bytes: 200,
    sentBytes: 200,
    failed: { count: 1, examples: [] },
    savedAs: null,
  },
} as const;

function after(...events: readonly Parameters<typeof applyEvent>[1][]): Transfer {
  return events.reduce((now, event) => applyEvent(now, event, times, []), waiting);
}

test('what flows is what is wanted, however often the wire is cut', () => {
  const now = after(STARTED, WAITING, STARTED);
  expect(now).toMatchObject({ phase: 'transferring', totals: LEFT, unwanted: UNWANTED });
  expect(offeredTotals(now)).toEqual(TOTALS);
  expect(someOfAll(now)).toEqual({ some: 3, all: 12 });
});

test('between two connections its outbox is still told of all that is offered', () => {
  const now = after(STARTED, WAITING);
  expect(now.phase).toBe('waiting');
  expect(offeredTotals(now)).toEqual(TOTALS);
});

test('a source that has changed is another offer, of which all is wanted', () => {
  const totals = { files: 5, directories: 0, bytes: 50 };
  const items = { items: [], itemCount: 1, leftOut: { count: 0, examples: [] } };
  const now = after(STARTED, { kind: 'prepared', transferId, totals, ...items });
  expect([now.totals, now.unwanted]).toEqual([totals, undefined]);
});

test('what failed was wanted, and the history keeps both', () => {
  const now = after(STARTED, DELIVERED);
  expect(someOfAll(now)).toEqual({ some: 3, all: 12 });
  expect(parseLine(formatLine(now))).toMatchObject({ unwanted: UNWANTED, totals: { files: 2 } });
});

test('where nothing is unwanted nothing is said of it', () => {
  const none = { files: 0, directories: 0, bytes: 0 };
  const now = after({ ...STARTED, unwanted: none });
  expect([now.totals, now.unwanted]).toEqual([TOTALS, undefined]);
});

test('what an earlier run left is counted as it was chosen', () => {
  const event = {
    kind: 'restored',
    transferId,
    peer: WAITING.peer,
    items: [],
    itemCount: 1,
    totals: TOTALS,
    leftOutCount: 0,
    startedAtMs: 1,
    bytes: 10,
    unwanted: UNWANTED,
  } as const;
  expect(restoredTransfer(event, [])).toMatchObject({ totals: LEFT, unwanted: UNWANTED });
});

test('a send that is looked through again after a restart shows what is left of it meanwhile', () => {
  const said = { items: waiting.items, itemCount: 1, leftOut: waiting.leftOut };
  const prepared = { kind: 'prepared', transferId, ...said, totals: TOTALS } as const;
  const other = { ...prepared, totals: { ...TOTALS, bytes: TOTALS.bytes + 1 } } as const;
  expect(after(STARTED, prepared)).toMatchObject({ totals: LEFT, unwanted: UNWANTED });
  expect(after(STARTED, other)).toMatchObject({ totals: other.totals, unwanted: undefined });
});

test('what goes on under another id is counted as it was chosen', () => {
  const event = {
    kind: 'continued',
    transferId: 'cd'.repeat(16) as TransferId,
    from: transferId,
    mode: 'tls',
    peer: WAITING.peer,
    items: [],
    itemCount: 1,
    totals: TOTALS,
    leftOutCount: 0,
  } as const;
  const before = after(STARTED);
  expect(continuedTransfer(event, before, times, [])).toMatchObject({
    totals: LEFT,
    unwanted: UNWANTED,
    startedAtMs: before.startedAtMs,
  });
});
