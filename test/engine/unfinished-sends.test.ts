import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listed } from '../../electron/engine/listed-send.ts';
import type { Unsent } from '../../electron/engine/outbox.ts';
import { Outbox } from '../../electron/engine/outbox.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type {
  SendRequest,
  TakeBackRequest,
} from '../../electron/engine/transfer/worker-messages.ts';
import {
  LOOK_AGAIN_MS,
  TELL_FOR_MS,
  UnfinishedSends,
} from '../../electron/engine/unfinished-sends.ts';
import { failure } from '../../shared/errors.ts';
import type { Peer } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { offeredTotals } from '../../shared/model/transfer.ts';
import { HandClock } from '../support/hand-clock.ts';
import { self } from '../support/store-events.ts';
import { BEN, ID, UNSENT } from '../support/unsent.ts';

/** Sends that were cut off, and who looks for their peers. */

let home: string;
let opened: Outbox[];
let clock: HandClock;
let store: Store;
let sent: SendRequest[];
let takenBack: TakeBackRequest[];
let epochMs: number;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-outbox-'));
  clock = new HandClock();
  opened = [];
  sent = [];
  takenBack = [];
  epochMs = 1_000;
  store = new Store(
    initialState({ ...self, directory: home }, settingsSchema.parse({}), []),
    clock,
  );
});
afterEach(async () => {
  store.stop();
  // on Windows a folder in which something is being written cannot be removed
  for (const outbox of opened) await outbox.settled();
  rmSync(home, { recursive: true });
});

async function started(...unsent: readonly Unsent[]) {
  const outbox = await open();
  for (const one of unsent) outbox.put(one);
  const unfinished = new UnfinishedSends({
    store,
    hasFileList: () => false,
    outbox,
    clock,
    epochMs: () => epochMs,
    thread: () => ({
      post: (message) => {
        if (message.kind === 'send') sent.push(message.request);
        if (message.kind === 'takeBack') takenBack.push(message.request);
      },
    }),
  });
  unfinished.start();
  return { outbox, unfinished };
}

async function open(): Promise<Outbox> {
  const outbox = await Outbox.open(home, () => undefined);
  opened.push(outbox);
  return outbox;
}

function announce(...addresses: string[]): void {
  const peer: Peer = {
    key: BEN,
    id: BEN,
    name: 'Ben',
    platform: 'linux',
    addresses,
    port: 6000,
    foundBy: 'discovery',
  };
  store.apply({ kind: 'discovered', peers: addresses.length > 0 ? [peer] : [] });
  clock.turn(1000);
}

function cutOff(unfinished: UnfinishedSends) {
  const outcome = { kind: 'failed', failure: failure('PEER_UNREACHABLE') } as const;
  return unfinished.onEvent({ kind: 'ended', transferId: ID, outcome });
}

test('what an earlier run left is listed, and looked for where it was', async () => {
  const { unfinished } = await started(UNSENT);
  expect(store.snapshot.transfers).toMatchObject([
    { id: ID, direction: 'send', phase: 'interrupted', bytes: 400, peer: { name: 'Ben' } },
  ]);
  expect(sent).toMatchObject([
    {
      transferId: ID,
      places: [{ address: '192.0.2.7', port: 5000 }],
      expectedPeerId: BEN,
      resumes: { offerId: UNSENT.offerId, entriesKey: 'key' },
      source: { kind: 'paths', paths: ['/home/mara/photos'] },
    },
  ]);
  expect(cutOff(unfinished)).toMatchObject({ kind: 'interrupted', transferId: ID });
  unfinished.stop();
});

test('its peer is dialled as soon as it is announced, wherever that is, and once', async () => {
  const { unfinished } = await started(UNSENT);
  cutOff(unfinished);
  announce('198.51.100.1', 'fe80::1');
  expect(sent.slice(1).map(({ places }) => places)).toEqual([
    [
      { address: '198.51.100.1', port: 6000 },
      { address: 'fe80::1', port: 6000 },
      { address: '192.0.2.7', port: 5000 },
    ],
  ]);
  cutOff(unfinished);
  announce('198.51.100.1', 'fe80::1');
  expect(sent).toHaveLength(2);
  announce('203.0.113.9');
  expect(sent).toHaveLength(3);
  cutOff(unfinished);
  announce();
  announce('203.0.113.9');
  expect(sent).toHaveLength(4);
  unfinished.stop();
});

test('one that is not announced is looked for now and then, and never twice at once', async () => {
  const { unfinished } = await started(UNSENT);
  clock.turn(3 * LOOK_AGAIN_MS);
  expect(sent).toHaveLength(1);
  cutOff(unfinished);
  clock.turn(LOOK_AGAIN_MS);
  expect(sent).toHaveLength(2);
  unfinished.stop();
  cutOff(unfinished);
  clock.turn(LOOK_AGAIN_MS);
  expect(sent).toHaveLength(2);
});

test('one that stands still is not looked for until it may go on', async () => {
  const { unfinished } = await started({ ...UNSENT, paused: true });
  expect(store.snapshot.transfers).toMatchObject([{ phase: 'paused', by: 'us' }]);
  announce('198.51.100.1');
  clock.turn(LOOK_AGAIN_MS);
  expect(sent).toEqual([]);
  expect(unfinished.say('resume', ID)).toMatchObject({ kind: 'interrupted' });
  expect(sent).toHaveLength(1);
  unfinished.stop();
});

/** Its end, as the thread says it, or as it is said here where no thread has it. */
function cancelled(unfinished: UnfinishedSends, transferId = ID): void {
  const outcome = { kind: 'cancelled', by: 'us' } as const;
  const event = { kind: 'ended', transferId, outcome } as const;
  expect(unfinished.onEvent(event)).toBe(event);
}

function told(unfinished: UnfinishedSends, heard: boolean, transferId = ID): void {
  expect(unfinished.onEvent({ kind: 'takenBack', transferId, heard })).toBe(null);
}

test('what was cancelled is forgotten when its peer has heard of it, and not before', async () => {
  const earlierIds = ['e'.repeat(32) as TransferId];
  const { unfinished, outbox } = await started({ ...UNSENT, earlierIds });
  expect(unfinished.say('cancel', ID)).toBe(null);
  cutOff(unfinished);
  expect(unfinished.say('cancel', ID)).toMatchObject({ kind: 'ended', transferId: ID });
  cancelled(unfinished);
  const { offerId, entriesKey, items, itemCount, totals } = UNSENT;
  expect(takenBack).toEqual([
    {
      transferId: ID,
      offer: { offerId, earlierIds, entriesKey, items, itemCount, totals },
      places: [{ address: '192.0.2.7', port: 5000 }],
      peerId: BEN,
    },
  ]);
  expect(unfinished.isWaiting(ID)).toBe(false);
  told(unfinished, false);
  expect(outbox.all).toMatchObject([{ transferId: ID, cancelledAtMs: 1_000 }]);
  announce('198.51.100.1');
  expect(takenBack.slice(1).map(({ places }) => places[0])).toEqual([
    { address: '198.51.100.1', port: 6000 },
  ]);
  told(unfinished, true);
  expect(outbox.all).toEqual([]);
  clock.turn(2 * LOOK_AGAIN_MS);
  expect([sent.length, takenBack.length]).toEqual([1, 2]);
  unfinished.stop();
});

test('what was cancelled while it ran is told by the thread that ran it, then by looks', async () => {
  const { unfinished } = await started(UNSENT);
  cancelled(unfinished);
  clock.turn(2 * LOOK_AGAIN_MS);
  expect(takenBack).toEqual([]);
  told(unfinished, false);
  clock.turn(LOOK_AGAIN_MS);
  expect(takenBack).toHaveLength(1);
  // the thread dies before it could say whether it was heard
  unfinished.lost();
  clock.turn(LOOK_AGAIN_MS);
  expect(takenBack).toHaveLength(2);
  unfinished.stop();
});

test('a cancel outlives the program, is not listed, and is given up after a month', async () => {
  const { unfinished, outbox } = await started({ ...UNSENT, cancelledAtMs: 5 });
  expect(store.snapshot.transfers).toEqual([]);
  expect(sent).toEqual([]);
  expect(takenBack).toHaveLength(1);
  told(unfinished, false);
  epochMs = 5 + TELL_FOR_MS - 1;
  clock.turn(LOOK_AGAIN_MS);
  expect(outbox.all).toHaveLength(1);
  told(unfinished, false);
  epochMs += 1;
  clock.turn(LOOK_AGAIN_MS);
  expect(outbox.all).toEqual([]);
  expect(takenBack).toHaveLength(2);
  unfinished.stop();
});

test('of several that were cancelled one at a time is told, the next when it was heard', async () => {
  const other = { ...UNSENT, transferId: 'e'.repeat(32) as TransferId, cancelledAtMs: 6 };
  const { unfinished } = await started({ ...UNSENT, cancelledAtMs: 5 }, other);
  expect(takenBack.map(({ transferId }) => transferId)).toEqual([ID]);
  told(unfinished, true);
  expect(takenBack.map(({ transferId }) => transferId)).toEqual([ID, other.transferId]);
  unfinished.stop();
});

test('a cancel does not reach what is sent once more, and where that went is kept', async () => {
  const again = { ...UNSENT, transferId: 'e'.repeat(32) as TransferId };
  const { unfinished, outbox } = await started({ ...UNSENT, cancelledAtMs: 5 }, again);
  const { transferId, offerId, entriesKey } = again;
  unfinished.onEvent({ kind: 'offering', transferId, offerId, entriesKey, port: 7000 });
  expect(outbox.all).toMatchObject([{ transferId, cancelledAtMs: null, peer: { port: 7000 } }]);
  unfinished.stop();
});

test('what was offered before its source changed is remembered with it', async () => {
  const { unfinished, outbox } = await started(UNSENT);
  const { transferId, offerId, entriesKey } = UNSENT;
  const later = 'e'.repeat(32) as TransferId;
  for (const id of [offerId, later, later]) {
    unfinished.onEvent({ kind: 'offering', transferId, offerId: id, entriesKey, port: 7000 });
  }
  expect(outbox.all).toMatchObject([{ offerId: later, earlierIds: [offerId] }]);
  unfinished.stop();
});

test.each([
  { kind: 'declined', code: 'DECLINED' },
  { kind: 'cancelled', by: 'peer' },
  { kind: 'failed', failure: failure('PATH_NOT_FOUND') },
] as const)('what ended for good is not looked for again: %j', async (outcome) => {
  const { unfinished, outbox } = await started(UNSENT);
  const event = { kind: 'ended', transferId: ID, outcome } as const;
  expect(unfinished.onEvent(event)).toBe(event);
  expect(outbox.all).toEqual([]);
  unfinished.stop();
});

test('what is let stand still while it runs does so after it was offered once more', async () => {
  const { unfinished, outbox } = await started(UNSENT);
  const { transferId, offerId, entriesKey } = UNSENT;
  expect(unfinished.say('pause', ID)).toBeNull();
  unfinished.onEvent({ kind: 'offering', transferId, offerId, entriesKey, port: 7000 });
  expect(outbox.get(ID)).toMatchObject({ paused: true, peer: { port: 7000 } });
  unfinished.stop();
});

test('what was not wanted is known after a restart too, until its source is another', async () => {
  const unwanted = { files: 2, directories: 0, bytes: 700 };
  const { outbox, unfinished } = await started(UNSENT);
  unfinished.onEvent({ kind: 'started', transferId: ID, keptBytes: 0, unwanted });
  await outbox.settled();
  const again = await open();
  expect(again.get(ID)).toMatchObject({ unwanted, totals: UNSENT.totals });
  const row = listed(again.get(ID)!);
  expect(row).toMatchObject({ unwanted, totals: { files: 1, directories: 1, bytes: 300 } });
  expect(offeredTotals(row)).toEqual(UNSENT.totals);
});
