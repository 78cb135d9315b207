import { beforeEach, describe, expect, test } from 'vitest';
import { Pairings } from '../../electron/engine/pairings.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type {
  PairingEvent,
  PairingOrder,
} from '../../electron/engine/transfer/pairing-messages.ts';
import { newPairingId } from '../../electron/engine/transfer/pairing-ports.ts';
import { failure } from '../../shared/errors.ts';
import type { PairingId } from '../../shared/model/pairing.ts';
import type { Peer, PeerId } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { MAX_LOST_CODES_PER_ADDRESS } from '../../shared/protocol/limits.ts';
import type { PairingOutcome } from '../../shared/protocol/pairing.ts';
import { HandClock } from '../support/hand-clock.ts';
import { MemoryTrust } from '../support/memory-trust.ts';
import { self } from '../support/store-events.ts';

/** Who may compare codes, and what becomes of it: the deciding part, without threads and wires. */

const idOf = (digit: string): PeerId => digit.repeat(64) as PeerId;
const own = idOf('5');
const [lesser, greater] = [idOf('1'), idOf('9')];
const transferId = '0'.repeat(32) as TransferId;

let clock: HandClock;
let trust: MemoryTrust;
let store: Store;
let pairings: Pairings;
let orders: PairingOrder[];
let blocked: PeerId[];

function build(pairs: boolean): void {
  clock = new HandClock();
  trust = new MemoryTrust();
  orders = [];
  blocked = [];
  const here = { ...self, id: own, port: 1 };
  store = new Store(initialState(here, settingsSchema.parse({}), []), clock);
  trust.onChange = () => store.apply({ kind: 'paired', devices: trust.devices });
  const thread = { post: (m: { order: PairingOrder }) => orders.push(m.order) };
  pairings = new Pairings({
    store,
    trust,
    clock,
    log: { info: () => undefined, warn: () => undefined },
    threads: { of: () => thread, startedSend: () => thread } as never,
    pairs,
    onBlocked: (peer) => {
      blocked.push(peer.id);
      store.apply({ kind: 'blocked', blocked: [peer] });
    },
  });
}

beforeEach(() => build(true));

const at = (address: string, expectedPeerId: PeerId | null = lesser) => ({
  places: [{ address, port: 1 }],
  expectedPeerId,
  name: address,
});
const receive = (event: PairingEvent): void => pairings.onEvent('receive', event);
const notices = (): string[] => store.snapshot.notices.map((n) => n.failure.code);
const offer = (address: string, id: PeerId = lesser, transfer = transferId): void =>
  pairings.onOffered(transfer, { id, name: 'Ben', address }, 1);

function asked(peerId: PeerId, address = '10.0.0.2'): { pairingId: PairingId; answer: string } {
  const pairingId = newPairingId();
  receive({ kind: 'asked', pairingId, peerId, address });
  const order = orders.findLast((one) => one.pairingId === pairingId);
  return { pairingId, answer: order?.kind === 'refuse' ? order.code : (order?.kind ?? 'nothing') };
}

const shown = { platform: 'linux', code: '012345', meetingKey: 'ab'.repeat(32) } as const;

/** Somebody dials, and the code is on the screen. */
function comparing(peerId = lesser, address = '10.0.0.2', name = 'Ben'): PairingId {
  const { pairingId, answer } = asked(peerId, address);
  expect(answer).toBe('admit');
  receive({ kind: 'drawn', pairingId, address });
  receive({ kind: 'code', pairingId, peerId, address, name, ...shown });
  return pairingId;
}

async function ends(pairingId: PairingId, outcome: PairingOutcome): Promise<void> {
  receive({ kind: 'ended', pairingId, outcome });
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
}

const gone: PairingOutcome = { kind: 'failed', failure: failure('PEER_GONE') };

describe('codes that came to nothing', () => {
  test('count for whoever hangs up before anybody has looked', async () => {
    for (let n = 0; n < MAX_LOST_CODES_PER_ADDRESS; n++) {
      const { pairingId, answer } = asked(lesser);
      expect(answer).toBe('admit');
      // its nonce is out, and no code was shown yet
      receive({ kind: 'drawn', pairingId, address: '10.0.0.2' });
      await ends(pairingId, gone);
    }
    expect(asked(greater).answer).toBe('PEER_BUSY');
    expect(() => pairings.pair(at('10.0.0.2'))).toThrow('PAIRING_BUSY');
    const before = orders.length;
    offer('10.0.0.2');
    expect(orders).toHaveLength(before);
    expect(asked(lesser, '10.0.0.3').answer).toBe('admit');
  });
});

describe('one code at a time', () => {
  test('whoever else dials is told to come later', async () => {
    const pairingId = comparing();
    expect(store.snapshot.pairings).toMatchObject([
      { pairingId, peerId: lesser, name: 'Ben', code: '012 345', phase: 'comparing' },
    ]);
    expect(asked(greater, '10.0.0.9').answer).toBe('PEER_BUSY');
    expect(() => pairings.pair(at('10.0.0.9', greater))).toThrow('PAIRING_BUSY');
    await ends(pairingId, { kind: 'later', by: 'peer' });
    expect(store.snapshot.pairings).toEqual([]);
    expect(asked(greater, '10.0.0.9').answer).toBe('admit');
  });

  test('of two that dial each other at once, that of the lesser id is taken', () => {
    const first = pairings.pair(at('10.0.0.2', lesser));
    expect(asked(lesser).answer).toBe('admit');
    expect(orders).toContainEqual({ kind: 'answer', pairingId: first, answer: 'later' });
    build(true);
    pairings.pair(at('10.0.0.2', greater));
    expect(asked(greater).answer).toBe('PEER_BUSY');
  });

  test('a code that is shown gives way to nobody', () => {
    const pairingId = pairings.pair(at('10.0.0.2', lesser));
    const peer = { peerId: lesser, address: '10.0.0.2', name: 'Ben' } as const;
    pairings.onEvent('send', { kind: 'code', pairingId, ...peer, ...shown });
    expect(asked(lesser).answer).toBe('PEER_BUSY');
  });

  test('an answer is for the very code that was seen', async () => {
    const pairingId = comparing();
    await ends(pairingId, gone);
    comparing();
    expect(() => pairings.answer(pairingId, 'match')).toThrow('PAIRING_UNFINISHED');
    expect(orders.some(({ kind }) => kind === 'answer')).toBe(false);
  });

  test('what the other thread says of it is not heard', async () => {
    const pairingId = comparing();
    pairings.onEvent('send', { kind: 'ended', pairingId, outcome: { kind: 'paired' } });
    await Promise.resolve();
    expect(store.snapshot.pairings).toHaveLength(1);
    expect(trust.devices).toEqual([]);
  });
});

describe('an offer', () => {
  test('leads to one code, whatever becomes of it and of its wire', async () => {
    offer('10.0.0.2');
    expect(orders).toMatchObject([{ kind: 'dial', expectedPeerId: lesser }]);
    const { pairingId } = orders[0]!;
    expect(store.snapshot.pairings).toEqual([]); // nothing to show yet
    pairings.onEvent('send', { kind: 'ended', pairingId, outcome: gone });
    await Promise.resolve();
    offer('10.0.0.2');
    expect(orders).toHaveLength(1);
    expect(notices()).toEqual([]);
    pairings.forgetOffer(transferId);
    offer('10.0.0.2');
    expect(orders).toHaveLength(2);
  });

  test('to a paired device, or where nobody can compare, leads to none', async () => {
    await trust.add({ id: lesser, name: 'Ben', platform: 'linux', pairedAtMs: 0, rule: null });
    offer('10.0.0.2');
    build(false);
    offer('10.0.0.2');
    expect(orders).toEqual([]);
    expect(asked(lesser).answer).toBe('PAIRING_UNAVAILABLE');
    expect(() => pairings.pair(at('10.0.0.2'))).toThrow('PAIRING_UNAVAILABLE');
  });
});

describe('what the people said', () => {
  test('is shown as it comes, and stored when both know', async () => {
    const pairingId = comparing();
    pairings.answer(pairingId, 'match');
    expect(store.snapshot.pairings[0]?.phase).toBe('matchedHere');
    receive({ kind: 'peerMatched', pairingId });
    expect(store.snapshot.pairings[0]?.phase).toBe('confirming');
    expect(store.snapshot.paired).toEqual([]);
    await ends(pairingId, { kind: 'paired' });
    expect(store.snapshot.paired).toMatchObject([{ id: lesser, name: 'Ben', platform: 'linux' }]);
    expect(store.snapshot.pairings).toEqual([]);
  });

  test('is not taken for stored where the disk says no', async () => {
    trust.fails = true;
    const pairingId = comparing();
    await ends(pairingId, { kind: 'paired' });
    expect(store.snapshot.paired).toEqual([]);
    expect(notices()).toEqual(['HOME_UNUSABLE']);
  });

  test('a device whose code differs is blocked, on the list or not', async () => {
    await trust.add({ id: lesser, name: 'Old name', platform: 'linux', pairedAtMs: 0, rule: null });
    const pairingId = comparing();
    expect(store.snapshot.pairings[0]?.name).toBe('Old name');
    await ends(pairingId, { kind: 'mismatch', by: 'peer' });
    expect(blocked).toEqual([lesser]);
    expect(trust.devices).toEqual([]);
    expect(notices()).toEqual(['CODE_MISMATCH']);
    expect(asked(lesser, '10.0.0.7').answer).toBe('DECLINED');
    expect(() => pairings.pair(at('10.0.0.7', lesser))).toThrow('PEER_BLOCKED');
    offer('10.0.0.7');
    expect(orders.some(({ kind }) => kind === 'dial')).toBe(false);
  });

  test('a yes whose other half never came is told to have come to nothing', async () => {
    const pairingId = comparing();
    pairings.answer(pairingId, 'match');
    await ends(pairingId, gone);
    expect(notices()).toEqual(['PAIRING_UNFINISHED']);
    expect(trust.devices).toEqual([]);
  });

  test('a person who asked for a code hears why there is none', async () => {
    const pairingId = pairings.pair(at('10.0.0.2'));
    expect(store.snapshot.pairings).toMatchObject([{ phase: 'connecting', code: null }]);
    const outcome = { kind: 'failed', failure: failure('PEER_BUSY') } as const;
    pairings.onEvent('send', { kind: 'ended', pairingId, outcome });
    expect(notices()).toEqual(['PAIRING_BUSY']);
    expect(store.snapshot.pairings).toEqual([]);
  });

  test('a thread that dies takes its code along', async () => {
    comparing();
    pairings.lost('send');
    expect(store.snapshot.pairings).toHaveLength(1);
    pairings.lost('receive');
    expect(store.snapshot.pairings).toEqual([]);
  });
});

test('what an offer begins is not shown before it has its code, and known to be on its way', () => {
  expect(pairings.awaitsCode).toBe(false);
  offer('10.0.0.2');
  expect(pairings.awaitsCode).toBe(true);
  expect(store.snapshot.pairings).toEqual([]);
  const [order] = orders;
  const pairingId = order?.pairingId ?? newPairingId();
  const code = { peerId: lesser, address: '10.0.0.2', name: 'Ben', ...shown };
  pairings.onEvent('send', { kind: 'code', pairingId, ...code });
  expect(pairings.awaitsCode).toBe(false);
  expect(store.snapshot.pairings).toHaveLength(1);
});

describe('a device that was added by its address', () => {
  const address = '10.0.0.2';
  const added: Peer = {
    key: `address:${address}:1`,
    id: null,
    name: address,
    platform: 'other',
    addresses: [address],
    port: 1,
    foundBy: 'address',
  };
  beforeEach(() => store.apply({ kind: 'peerAdded', peer: added }));

  test('is known by its key and name once a code is there, where this side dialled', () => {
    const pairingId = pairings.pair(at(address, null));
    const code = { peerId: lesser, address, name: 'Ben', ...shown };
    pairings.onEvent('send', { kind: 'code', pairingId, ...code });
    expect(store.snapshot.peers).toMatchObject([{ key: added.key, id: lesser, name: 'Ben' }]);
  });

  test('is not taken for whoever dials from there', () => {
    comparing(lesser, address);
    expect(store.snapshot.peers).toMatchObject([{ id: null, name: address }]);
  });
});

test('a stranger who is called like a paired device is marked when its code is shown', async () => {
  await trust.add({
    id: greater,
    name: 'Ben’s laptop',
    platform: 'linux',
    pairedAtMs: 0,
    rule: null,
  });
  comparing(lesser, '10.0.0.2', 'BEN’S  lаptop');
  expect(store.snapshot.pairings).toMatchObject([{ peerId: lesser, calledLike: greater }]);
});
