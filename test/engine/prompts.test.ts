import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_BACK_OFFS, MAX_TAKEN_BACK } from '../../electron/engine/back-offs.ts';
import type { Asked, PromptEffect } from '../../electron/engine/prompts.ts';
import { Prompts } from '../../electron/engine/prompts.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import {
  DECLINE_BACK_OFF_MS,
  MAX_OFFERS,
  MAX_OFFERS_PER_ADDRESS,
  MAX_OFFERS_PER_PEER,
} from '../../shared/protocol/limits.ts';
import { HandClock } from '../support/hand-clock.ts';
import { promptsHold } from '../support/prompts-model.ts';

/** If one of these fails, whoever is on the network can keep a person from answering those they know. */

let count = 0;
const idOf = (n: number): TransferId => n.toString(16).padStart(32, '0') as TransferId;
const peer = (n: number): PeerId => n.toString(16).padStart(64, '0') as PeerId;

function offer(device: number, more: Partial<Asked> = {}): Asked {
  const transferId = idOf(++count);
  return { transferId, peerId: peer(device), address: '10.0.0.66', isPaired: false, ...more };
}

function prompts(clock = new HandClock()): { prompts: Prompts; clock: HandClock } {
  return { prompts: new Prompts(clock, DECLINE_BACK_OFF_MS), clock };
}

const shown = (effects: readonly PromptEffect[]): TransferId[] =>
  effects.filter(({ kind }) => kind === 'show').map(({ transferId }) => transferId);
const turnedAway = (effects: readonly PromptEffect[]): TransferId[] =>
  effects.filter(({ kind }) => kind === 'decline').map(({ transferId }) => transferId);

test('of one device one offer is shown at a time, few wait behind it, and the rest hears that it is busy', () => {
  const { prompts: desk } = prompts();
  const offers = Array.from({ length: MAX_OFFERS_PER_PEER }, () => offer(1));
  const effects = offers.flatMap((asked) => desk.ask(asked));
  expect(effects).toEqual([{ kind: 'show', transferId: offers[0]?.transferId }]);
  const late = offer(1);
  const busy = { kind: 'decline', transferId: late.transferId, code: 'PEER_BUSY' };
  expect(desk.ask(late)).toEqual([busy]);
  expect(shown(desk.accepted(offers[0]!.transferId))).toEqual([offers[1]?.transferId]);
  expect(shown(desk.leave(offers[1]!.transferId))).toEqual([offers[2]?.transferId]);
});

test('strangers with keys to throw away take no room from each other or from who is paired', () => {
  const { prompts: desk } = prompts();
  const flood = Array.from({ length: 12 }, (_, n) => offer(n));
  const gone = flood.flatMap((asked) => turnedAway(desk.ask(asked)));
  // the oldest give way, one for each that is too many at this address
  expect(gone).toEqual(flood.slice(0, -MAX_OFFERS_PER_ADDRESS).map(({ transferId }) => transferId));
  const honest = offer(100, { address: '10.0.0.7' });
  expect(desk.ask(honest)).toEqual([{ kind: 'show', transferId: honest.transferId }]);
  const paired = offer(101, { isPaired: true });
  expect(desk.ask(paired)).toEqual([{ kind: 'show', transferId: paired.transferId }]);
});

test('a paired device at the address of strangers keeps all its room', () => {
  const { prompts: desk } = prompts();
  const friends = Array.from({ length: MAX_OFFERS_PER_PEER }, () => offer(1, { isPaired: true }));
  for (const asked of friends) desk.ask(asked);
  const flood = Array.from({ length: 2 * MAX_OFFERS }, (_, n) =>
    offer(n + 2, { address: n % 2 === 0 ? '10.0.0.66' : `10.0.0.${n}` }),
  );
  const gone = new Set(flood.flatMap((asked) => turnedAway(desk.ask(asked))));
  expect(gone.size).toBeGreaterThan(0);
  for (const { transferId } of friends) expect(gone).not.toContain(transferId);
  for (const { transferId } of friends) expect(desk.has(transferId)).toBe(true);
});

test('when strangers fill all the room, the busiest address gives way to the newcomer', () => {
  const { prompts: desk } = prompts();
  const flood = Array.from({ length: MAX_OFFERS_PER_ADDRESS }, (_, n) => offer(n));
  const single = Array.from({ length: MAX_OFFERS - flood.length }, (_, n) =>
    offer(20 + n, { address: `10.0.1.${n}` }),
  );
  for (const asked of [...single, ...flood]) expect(turnedAway(desk.ask(asked))).toEqual([]);
  const newcomer = offer(90, { address: '10.0.2.1' });
  const effects = desk.ask(newcomer);
  expect(turnedAway(effects)).toEqual([flood[0]?.transferId]);
  expect(shown(effects)).toEqual([newcomer.transferId]);
  // who is paired is not counted
  const known = offer(91, { address: '10.0.2.1', isPaired: true });
  expect(desk.ask(known)).toEqual([{ kind: 'show', transferId: known.transferId }]);
});

test('the many addresses of one IPv6 host are one address', () => {
  const { prompts: desk } = prompts();
  const flood = Array.from({ length: 9 }, (_, n) =>
    offer(n, { address: `2001:db8:0:1::${n + 1}` }),
  );
  const gone = flood.flatMap((asked) => turnedAway(desk.ask(asked)));
  expect(gone).toHaveLength(9 - MAX_OFFERS_PER_ADDRESS);
});

test('after a no the device is not heard, nor are other strangers at its address, and each no doubles it', () => {
  const { prompts: desk, clock } = prompts();
  let quietMs = DECLINE_BACK_OFF_MS;
  for (let times = 0; times < 8; times++) {
    const asked = offer(1);
    expect(shown(desk.ask(asked))).toEqual([asked.transferId]);
    desk.declined(asked.transferId);
    clock.turn(quietMs - 1);
    for (const one of [offer(1), offer(2)]) {
      const no = { kind: 'decline', transferId: one.transferId, code: 'DECLINED' };
      expect(desk.ask(one)).toEqual([no]);
    }
    // not those who are elsewhere, or whom the person knows
    for (const one of [offer(3, { address: '10.0.0.7' }), offer(4, { isPaired: true })]) {
      expect(shown(desk.ask(one))).toEqual([one.transferId]);
      desk.leave(one.transferId);
    }
    clock.turn(1);
    quietMs = Math.min(quietMs * 2, DECLINE_BACK_OFF_MS * 32);
  }
  const welcome = offer(1);
  desk.ask(welcome);
  desk.accepted(welcome.transferId);
  const next = offer(1);
  expect(shown(desk.ask(next))).toEqual([next.transferId]);
  desk.declined(next.transferId);
  // a yes has made it begin anew, and so has a long quiet
  clock.turn(DECLINE_BACK_OFF_MS);
  const after = offer(2);
  expect(shown(desk.ask(after))).toEqual([after.transferId]);
});

test('a no to a paired device is about that device alone', () => {
  const { prompts: desk } = prompts();
  const known = offer(1, { isPaired: true });
  desk.ask(known);
  desk.declined(known.transferId);
  expect(turnedAway(desk.ask(offer(1, { isPaired: true })))).toHaveLength(1);
  const stranger = offer(2);
  expect(shown(desk.ask(stranger))).toEqual([stranger.transferId]);
});

test('who asks and takes it back again and again is turned away as if by a no', () => {
  const { prompts: desk, clock } = prompts();
  for (let n = 0; n < MAX_TAKEN_BACK; n++) {
    const asked = offer(n);
    expect(shown(desk.ask(asked))).toEqual([asked.transferId]);
    desk.leave(asked.transferId);
  }
  expect(turnedAway(desk.ask(offer(999)))).toHaveLength(1);
  expect(shown(desk.ask(offer(998, { address: '10.0.0.7' })))).toHaveLength(1);
  clock.turn(DECLINE_BACK_OFF_MS);
  expect(shown(desk.ask(offer(997)))).toHaveLength(1);
});

test('a paired device that does so is turned away itself, wherever it comes from, and nobody else', () => {
  const { prompts: desk, clock } = prompts();
  for (let n = 0; n < MAX_TAKEN_BACK; n++) {
    const asked = offer(1, { isPaired: true, address: `10.0.0.${n + 1}` });
    expect(shown(desk.ask(asked))).toEqual([asked.transferId]);
    desk.leave(asked.transferId);
  }
  expect(turnedAway(desk.ask(offer(1, { isPaired: true })))).toHaveLength(1);
  const near = { address: '10.0.0.1' };
  expect(shown(desk.ask(offer(2, { ...near, isPaired: true })))).toHaveLength(1);
  expect(shown(desk.ask(offer(3, near)))).toHaveLength(1);
  clock.turn(DECLINE_BACK_OFF_MS);
  expect(shown(desk.ask(offer(1, { isPaired: true })))).toHaveLength(1);
});

test('what waits of a device that is blocked is declined, and its next one is shown no more', () => {
  const { prompts: desk } = prompts();
  const offers = [offer(1), offer(1), offer(2)];
  for (const asked of offers) desk.ask(asked);
  const declined = turnedAway(desk.refuse(peer(1)));
  expect(declined).toEqual([offers[0]?.transferId, offers[1]?.transferId]);
  expect(offers.map(({ transferId }) => desk.has(transferId))).toEqual([false, false, true]);
});

test('of those who were turned away only so many are remembered', () => {
  const { prompts: desk } = prompts();
  const first = offer(0, { address: '10.9.9.9' });
  desk.ask(first);
  desk.declined(first.transferId);
  for (let n = 1; n <= MAX_BACK_OFFS / 2; n++) {
    const asked = offer(n, { address: `10.1.${n >> 8}.${n & 255}` });
    desk.ask(asked);
    desk.declined(asked.transferId);
  }
  expect(shown(desk.ask(offer(0, { address: '10.9.9.9' })))).toHaveLength(1);
});

test('whatever is offered, answered and withdrawn, the queue is as its model', () => {
  fc.assert(promptsHold, { numRuns: 200 });
});
