import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import {
  BLOCK_BYTES,
  SEND_WINDOW_BYTES,
  SPREAD_FILE_BYTES,
} from '../../../shared/protocol/limits.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';

/** Whole ends over real sockets: the session goes through a proxy, and lanes go around it. */

const CONTENT = randomBytes(3 * SPREAD_FILE_BYTES + 700_007);
/** What goes by the session until the first lane is there, and its own words. */
const BY_SESSION_BYTES = SPREAD_FILE_BYTES / 2;
const SMALL = ['a', 'z'];
const MOST_SENT_AGAIN_BYTES = SEND_WINDOW_BYTES + BLOCK_BYTES;

let bench: Bench;
let proxy: Proxy;
let sender: TestSender;
let receiver: TestReceiver;
let writtenBytes: number;
let onWritten: () => void;

beforeEach(async () => {
  bench = new Bench();
  writtenBytes = 0;
  onWritten = () => undefined;
  sender = await bench.sender();
  receiver = await bench.receiver({
    fs: {
      writeSync: ((...write: Parameters<typeof realFileSystem.writeSync>) => {
        const count = realFileSystem.writeSync(...write);
        writtenBytes += count;
        onWritten();
        return count;
      }) as typeof realFileSystem.writeSync,
    },
  });
  proxy = await Proxy.open(receiver.port);
  proxy.letsLanesAround = true;
  writeFileSync(bench.path('big'), CONTENT);
  for (const name of SMALL) writeFileSync(bench.path(name), name);
});

afterEach(async () => {
  await proxy.stop();
  await bench.remove();
});

const paths = (): string[] => ['a', 'big', 'z'].map((name) => bench.path(name));

function expectAll(): void {
  expect(readFileSync(join(receiver.directory, 'big')).equals(CONTENT)).toBe(true);
  for (const name of SMALL) {
    expect(readFileSync(join(receiver.directory, name), 'utf8')).toBe(name);
  }
}

/** Resolves in the middle of the large file. */
function half(): Promise<void> {
  return new Promise((resolve) => {
    onWritten = () => {
      if (writtenBytes > CONTENT.length / 2) resolve();
    };
  });
}

test('a large file goes by a lane, and small ones by the session', async () => {
  const id = await sender.send(paths(), proxy.port);
  const outcome = await receiver.outcome('delivered', id);
  await sender.outcome('delivered', id);
  expect(outcome.sentBytes).toBe(CONTENT.length + 2);
  expect(proxy.forwardedBytes).toBeLessThan(BY_SESSION_BYTES);
  expectAll();
});

test('a session that is cut ends its lanes, and the next one goes on with what they have brought', async () => {
  const middle = half();
  const id = await sender.send(paths(), proxy.port);
  await middle;
  proxy.cut();
  await receiver.outcome('delivered', id);
  const { sentBytes } = await sender.outcome('delivered', id);
  const [, again] = receiver.all('started', id);
  expect(again?.keptBytes).toBeGreaterThan(0);
  expect(sentBytes).toBeLessThanOrEqual(
    CONTENT.length + SMALL.join('').length + MOST_SENT_AGAIN_BYTES,
  );
  expectAll();
});

test('a sender that is paused in the middle stands still on lanes, and goes on', async () => {
  const middle = half();
  const id = await sender.send(paths(), proxy.port);
  await middle;
  await sender.say('pause', id);
  await receiver.paused('peer', id);
  expect(receiver.all('ended', id)).toEqual([]);
  await sender.say('resume', id);
  await receiver.outcome('delivered', id);
  await sender.outcome('delivered', id);
  expectAll();
});

test.each(['sender', 'receiver'] as const)('a %s that cancels ends lanes too', async (who) => {
  const middle = half();
  const id = await sender.send(paths(), proxy.port);
  await middle;
  await (who === 'sender' ? sender : receiver).cancel(id);
  await Promise.all([sender.outcome('cancelled', id), receiver.outcome('cancelled', id)]);
  const atEndBytes = writtenBytes;
  await bench.stop();
  expect(writtenBytes).toBe(atEndBytes);
});

test('nothing stays open when it is over', async () => {
  const openNow = (): number =>
    process.getActiveResourcesInfo().filter((kind) => /TCP|TLS/.test(kind)).length;
  const before = openNow();
  const middle = half();
  const id = await sender.send(paths(), proxy.port);
  await middle;
  expect(openNow()).toBeGreaterThan(before + 4); // both ends of the session, twice, and lanes
  await receiver.outcome('delivered', id);
  await sender.outcome('delivered', id);
  while (openNow() > before) await nextTurn();
});
