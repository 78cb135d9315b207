import { expect, test } from 'vitest';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import { TransferEvents } from '../../electron/engine/transfer-events.ts';
import type { TransferEvent } from '../../electron/engine/transfer/worker-messages.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { HandClock } from '../support/hand-clock.ts';
import { self } from '../support/shown-devices.ts';
import { sending, transfer } from '../support/shown-transfers.ts';

/**
 * Whoever receives something of ours knows its id. If one of these fails, they can send by it what nobody
 * here sees, and nobody can stop.
 */

const failure = { code: 'INTERRUPTED', details: {} } as const;
const cut = transfer({ phase: 'interrupted', bytes: 5, failure }, { direction: 'receive' });

function told(...events: readonly TransferEvent[]) {
  const clock = new HandClock();
  const store = new Store(initialState(self, settingsSchema.parse({}), [sending, cut]), clock);
  const ended: TransferId[] = [];
  const nothing = (): undefined => undefined;
  const handler = new TransferEvents({
    store,
    clock,
    declineBackOffMs: 0,
    trust: { devices: [], isPaired: () => false } as never,
    history: { add: () => Promise.resolve() } as never,
    log: { info: nothing, warn: nothing },
    pairings: { isBlocked: () => false, forgetOffer: nothing, onOffered: nothing } as never,
    unfinished: null,
    accept: () => 'ask',
    isOnTrustedNetwork: async () => false,
    onAccept: nothing,
    onAsk: nothing,
    onDecline: (id) => ended.push(id),
    onTextLost: () => undefined,
    onTakenId: (id) => ended.push(id),
    onBlocked: nothing,
  });
  for (const event of events) handler.onEvent('receive', event);
  const now = (one: Transfer) => store.state.transfers.find(({ id }) => id === one.id);
  return { ended, sending: now(sending), cut: now(cut) };
}

const offered = {
  transferId: sending.id,
  mode: 'tls',
  peer: { id: cut.peer.id!, name: 'x', address: '' },
  items: [],
  itemCount: 1,
  totals: { files: 1, directories: 0, bytes: 9 },
  leftOutCount: 0,
} as const;

test('what goes on under the id of our own send ends at once, and so does what it was', () => {
  const after = told({ ...offered, kind: 'continued', from: cut.id });
  expect(after.ended).toEqual([sending.id]);
  expect(after.sending).toEqual(sending);
  expect(after.cut).toMatchObject({ phase: 'failed', failure: { code: 'PROTOCOL_VIOLATION' } });
});

test('an offer under the id of our own send is declined, and changes nothing', () => {
  const after = told({ ...offered, kind: 'offered' });
  expect(after).toMatchObject({ ended: [sending.id], sending, cut });
});

test('what is counted under the id of our own send does not move it', () => {
  const counts = [sending, cut].map(({ id }) => ({
    transferId: id,
    bytes: 7,
    files: 0,
    limitedBy: null,
  }));
  expect(told({ kind: 'counts', counts }).sending).toEqual(sending);
});
