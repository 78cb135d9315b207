import { expect, test } from 'vitest';
import type {
  Connection,
  ConnectionHandlers,
} from '../../../electron/engine/transfer/connection.ts';
import { Incoming } from '../../../electron/engine/transfer/incoming.ts';
import { ReceiveSession } from '../../../electron/engine/transfer/receive-session.ts';
import {
  ANSWER_TIMEOUT_MS,
  FIRST_FRAME_TIMEOUT_MS,
  LIST_TIMEOUT_MS,
} from '../../../shared/protocol/limits.ts';
import type { Entry, Message, MessageOf } from '../../../shared/protocol/messages.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { TRANSFER_ID } from '../../support/memory-tree.ts';

/** If one of these fails, a peer that says no more holds a place and memory for ever. */

function begin() {
  const clock = new HandClock();
  const outcomes: Outcome[] = [];
  let handlers: ConnectionHandlers<Message> | null = null;
  const connection = {
    open: (given: ConnectionHandlers<Message>) => (handlers = given),
    send: () => undefined,
    close: () => undefined,
    flushData: () => undefined,
  } as unknown as Connection;
  let grown = 0;
  const session = new ReceiveSession(connection, {
    greeting: { name: 'x', platform: 'linux', hashes: ['sha256'] },
    clock,
    dialLane: null,
    onListGrows: () => grown++,
    onOffer: () => undefined,
    onFinishing: () => undefined,
    onTakenBack: () => undefined,
    onEnd: (outcome) => outcomes.push(outcome),
  });
  const hear: ConnectionHandlers<Message>['onMessage'] = (message) => handlers?.onMessage(message);
  return { clock, outcomes, hear, session, grown: () => grown };
}

const entry: Entry = { kind: 'file', path: ['a'], bytes: 1 };
const offer: MessageOf<'offer'> = {
  type: 'offer',
  transferId: TRANSFER_ID,
  items: [{ name: 'a', kind: 'file' }],
  itemCount: 1,
  files: 1,
  directories: 0,
  bytes: 1,
  leftOut: 0,
};
const hello: MessageOf<'hello'> = {
  type: 'hello',
  versions: [1],
  name: 'x',
  platform: 'linux',
  hashes: ['sha256'],
};

test('a peer has so long for its first words, for its list, and for a person’s answer', () => {
  const late = { kind: 'failed', failure: { code: 'PEER_TIMEOUT', details: {} } };
  const silent = begin();
  silent.clock.turn(FIRST_FRAME_TIMEOUT_MS - 1);
  expect(silent.outcomes).toEqual([]);
  silent.clock.turn(1);
  expect(silent.outcomes).toEqual([late]);

  const endless = begin();
  endless.hear(hello);
  endless.hear(offer);
  endless.clock.turn(FIRST_FRAME_TIMEOUT_MS + LIST_TIMEOUT_MS - 1);
  expect(endless.outcomes).toEqual([]);
  endless.clock.turn(1);
  expect(endless.outcomes).toEqual([late]);

  const unanswered = begin();
  unanswered.hear(hello);
  unanswered.hear(offer);
  unanswered.hear({ type: 'entries', entries: [entry] });
  unanswered.clock.turn(ANSWER_TIMEOUT_MS - 1);
  expect(unanswered.outcomes).toEqual([]);
  unanswered.clock.turn(1);
  expect(unanswered.outcomes).toMatchObject([{ kind: 'declined', code: 'DECLINED' }]);
});

test('a list costs until it is whole and planned: many could be planned at once', () => {
  const two = { ...offer, files: 2, bytes: 2 };
  const { hear, session, grown } = begin();
  hear(hello);
  hear(two);
  expect([session.listBytes, grown()]).toEqual([0, 0]);
  hear({ type: 'entries', entries: [entry] });
  const half = session.listBytes;
  expect(half).toBeGreaterThan(0);
  hear({ type: 'entries', entries: [entry] });
  expect(session.offered).toBe(true);
  expect(session.listBytes).toBeGreaterThan(half);
  expect(grown()).toBe(2);
  const came = { offer: two, entries: [entry, entry], hash: 'sha256' as const, peerName: '' };
  new Incoming(session, came).takePlan({ saved: [], key: '', pictures: [] });
  expect(session.listBytes).toBe(0);
});
