import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { NEUTRAL_DEVICE_NAME } from '../../../shared/protocol/device-name.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** If one of these fails, the port hears who was blocked, or tells strangers whose device this is. */

const bench = new Bench();
let receiver: TestReceiver;
let sender: TestSender;
let path: string;

beforeAll(async () => {
  [receiver, sender] = await Promise.all([bench.receiver(), bench.sender()]);
  path = putFile(bench.path('a.txt'), 10);
});
beforeEach(async () => {
  await receiver.host.handle({ kind: 'blocked', peerIds: [] });
  await receiver.host.handle({ kind: 'visibleTo', peerIds: null });
});
afterAll(() => bench.remove());

test('a device that is blocked is hung up on, and heard again when it is not', async () => {
  await receiver.host.handle({ kind: 'blocked', peerIds: [sender.identity.peerId] });
  const turnedAway = await sender.send([path], receiver.port);
  expect(await sender.outcome('declined', turnedAway)).toMatchObject({ code: 'DECLINED' });
  expect(receiver.events).toEqual([]);
  expect(readdirSync(receiver.directory)).toEqual([]);
  await receiver.host.handle({ kind: 'blocked', peerIds: [] });
  await sender.outcome('delivered', await sender.send([path], receiver.port));
});

async function nameToldTo(transferId: Promise<TransferId>): Promise<string> {
  const { peer } = await sender.event('waiting', await transferId);
  return peer.name;
}

test('strangers are told no name where only some may know it', async () => {
  expect(await nameToldTo(sender.send([path], receiver.port))).toBe('receiver');
  await receiver.host.handle({ kind: 'visibleTo', peerIds: [] });
  expect(await nameToldTo(sender.send([path], receiver.port))).toBe(NEUTRAL_DEVICE_NAME);
  await receiver.host.handle({ kind: 'visibleTo', peerIds: [sender.identity.peerId] });
  expect(await nameToldTo(sender.send([path], receiver.port))).toBe('receiver');
});

test('the first who calls is met like the last: whom it may meet is known before the port opens', async () => {
  const callers = { visibleTo: [], blocked: [receiver.identity.peerId], from: 'local' } as const;
  const hidden = await bench.receiver({ callers });
  const { peer } = await sender.event('waiting', await sender.send([path], hidden.port));
  expect(peer.name).toBe(NEUTRAL_DEVICE_NAME);
  const blocked = await bench.sender({ identity: receiver.identity });
  await blocked.outcome('declined', await blocked.send([path], hidden.port));
});
