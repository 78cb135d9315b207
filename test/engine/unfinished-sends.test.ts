import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Unsent } from '../../electron/engine/outbox.ts';
import { Outbox } from '../../electron/engine/outbox.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type { SendRequest } from '../../electron/engine/transfer/worker-messages.ts';
import { LOOK_AGAIN_MS, UnfinishedSends } from '../../electron/engine/unfinished-sends.ts';
import { failure } from '../../shared/errors.ts';
import type { Peer, PeerId } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { HandClock } from '../support/hand-clock.ts';

/** Sends that were cut off, and who looks for their peers. */

const ID = 'a'.repeat(32) as TransferId;
const BEN = 'b'.repeat(64) as PeerId;

const UNSENT: Unsent = {
  transferId: ID,
  offerId: 'c'.repeat(32) as TransferId,
  entriesKey: 'key',
  paths: ['/tmp/photos'],
  peer: { id: BEN, name: 'Ben', address: '192.0.2.7', port: 5000 },
  items: [{ name: 'photos', kind: 'folder' }],
  itemCount: 1,
  totals: { files: 3, directories: 1, bytes: 1000 },
  bytes: 400,
  startedAtMs: 1,
  paused: false,
};

let home: string;
let clock: HandClock;
let store: Store;
let sent: SendRequest[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-outbox-'));
  clock = new HandClock();
  sent = [];
  const self = {
    id: 'd'.repeat(64) as PeerId,
    name: 'Anna',
    platform: 'linux',
    host: null,
    port: null,
    addresses: [],
    directory: home,
    discovery: 'on',
    keyKept: 'owner',
  } as const;
  store = new Store(initialState(self, settingsSchema.parse({}), []), clock);
});
afterEach(() => {
  store.stop();
  rmSync(home, { recursive: true });
});

async function started(...unsent: readonly Unsent[]) {
  const outbox = await open();
  for (const one of unsent) outbox.put(one);
  const unfinished = new UnfinishedSends({
    store,
    outbox,
    clock,
    send: (request) => sent.push(request),
  });
  unfinished.start();
  return { outbox, unfinished };
}

function open(): Promise<Outbox> {
  return Outbox.open(home, () => undefined);
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
      addresses: ['192.0.2.7'],
      port: 5000,
      expectedPeerId: BEN,
      resumes: { offerId: UNSENT.offerId, entriesKey: 'key' },
      source: { kind: 'paths', paths: ['/tmp/photos'] },
    },
  ]);
  expect(cutOff(unfinished)).toMatchObject({ kind: 'interrupted', transferId: ID });
  unfinished.stop();
});

test('its peer is dialled as soon as it is announced, wherever that is, and once', async () => {
  const { unfinished } = await started(UNSENT);
  cutOff(unfinished);
  announce('198.51.100.1', 'fe80::1');
  expect(sent.slice(1)).toMatchObject([{ addresses: ['198.51.100.1', 'fe80::1'], port: 6000 }]);
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
  unfinished.resume(ID);
  expect(sent).toHaveLength(1);
  unfinished.stop();
});

test('what was cancelled is forgotten, and its peer is told', async () => {
  const { unfinished, outbox } = await started(UNSENT);
  cutOff(unfinished);
  unfinished.cancel(ID);
  expect(sent.at(-1)).toMatchObject({ transferId: ID, purpose: 'cancel' });
  expect(outbox.all).toEqual([]);
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

test('the file holds what was put last, and one that is damaged counts as empty', async () => {
  const first = await open();
  first.put(UNSENT);
  first.put({ ...UNSENT, bytes: 500 });
  await first.settled();
  expect((await open()).all).toEqual([{ ...UNSENT, bytes: 500 }]);
  const path = join(home, 'outbox.json');
  writeFileSync(path, readFileSync(path, 'utf8').slice(5));
  expect((await open()).all).toEqual([]);
});
