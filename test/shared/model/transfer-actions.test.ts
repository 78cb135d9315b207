import { expect, test } from 'vitest';
import type { Transfer } from '../../../shared/model/transfer.ts';
import {
  bytesToDiscard,
  canCancel,
  canGoOn,
  canPause,
  canRetry,
  canRetryFailed,
  canTryNow,
  isRetriedWithAll,
} from '../../../shared/model/transfer-actions.ts';
import { delivered, everyPhase, transfer } from '../../support/shown-transfers.ts';

/** What can be done with a transfer, said once for all windows. */

const rules = {
  canPause,
  canGoOn,
  canTryNow,
  canCancel,
  canRetry,
  canRetryFailed,
  isRetriedWithAll,
};
const allowed = (one: Transfer): string[] =>
  Object.entries(rules).flatMap(([name, rule]) => (rule(one) ? [name] : []));

const flowing = {
  phase: 'transferring',
  bytes: 1,
  files: 0,
  bytesPerSecond: 1,
  limitedBy: null,
  remainingMs: null,
} as const;
const cut = {
  phase: 'interrupted',
  bytes: 1,
  failure: { code: 'PEER_GONE', details: {} },
} as const;
const failed = { phase: 'failed', finishedAtMs: 1, failure: cut.failure } as const;
const stopped = (by: 'us' | 'peer' | 'both') =>
  ({ phase: 'paused', bytes: 1, files: 0, by }) as const;
const oneFailed = { count: 1, examples: [] };
const receive = { direction: 'receive' } as const;
const plain = { mode: 'plain' } as const;

test.each<[string, Transfer, readonly string[]]>([
  ['flows', transfer(flowing), ['canPause', 'canCancel']],
  ['comes in', transfer(flowing, receive), ['canPause', 'canCancel']],
  ['goes by the bare exchange', transfer(flowing, plain), ['canCancel']],
  ['was stopped here', transfer(stopped('us')), ['canGoOn', 'canCancel']],
  ['was stopped on both sides', transfer(stopped('both')), ['canGoOn', 'canCancel']],
  ['was stopped there', transfer(stopped('peer')), ['canCancel']],
  ['waits to dial again', transfer(cut), ['canTryNow', 'canCancel']],
  ['waits for its sender', transfer(cut, receive), ['canCancel']],
  ['failed', transfer(failed), ['canRetry', 'isRetriedWithAll']],
  ['failed coming in', transfer(failed, receive), []],
  ['was declined', transfer({ phase: 'declined', finishedAtMs: 1 }), ['canRetry']],
  ['was cancelled', transfer({ phase: 'cancelled', finishedAtMs: 1, by: 'us' }), ['canRetry']],
  ['was delivered', transfer(delivered), []],
  ['was delivered but for a file', transfer({ ...delivered, failed: oneFailed }), ['canRetry']],
  [
    'was delivered but for a file that is known',
    { ...transfer({ ...delivered, failed: oneFailed }), hasFileList: true },
    ['canRetryFailed'],
  ],
  ['came but for a file', transfer({ ...delivered, failed: oneFailed }, receive), []],
])('a transfer that %s', (_what, one, can) => {
  expect(allowed(one)).toEqual(can);
});

test('of all there is, every one can be cancelled or has ended, and none can both go on and stop', () => {
  for (const one of everyPhase) {
    expect(canCancel(one)).toBe(!('finishedAtMs' in one));
    expect([canPause, canGoOn, canTryNow].filter((rule) => rule(one)).length).toBeLessThan(2);
  }
});

test('what is kept for a sender that comes back can be discarded, and nothing else is called so', () => {
  expect(bytesToDiscard(transfer(cut, receive))).toBe(1);
  expect(bytesToDiscard(transfer({ ...cut, bytes: 0 }, receive))).toBe(null);
  expect(bytesToDiscard(transfer(cut))).toBe(null);
  expect(bytesToDiscard(transfer(flowing, receive))).toBe(null);
});
