import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { FRAME_TYPES, FrameReader } from '../../../shared/protocol/frame.ts';
import { encodeMessage } from '../../../shared/protocol/messages.ts';
import { rows } from '../../support/hostile-names.ts';
import { TRANSFER_ID } from '../../support/memory-tree.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench, createIdentity } from '../../support/transfer-pair.ts';

/** Every name of the corpus for real: from a disk over TLS to a disk, or as bytes from a hostile peer. */

const bench = new Bench();
let receiver: TestReceiver;
let sender: TestSender;

beforeAll(async () => {
  [receiver, sender] = await Promise.all([bench.receiver(), bench.sender()]);
});
afterAll(() => bench.remove());

/** What a disk of Linux can hold, so that an honest sender can have it. */
const canBeOnDisk = (name: string) =>
  name !== '.' &&
  name !== '..' &&
  name !== '' &&
  !/[/\0]/.test(name) &&
  Buffer.from(name).toString() === name &&
  Buffer.byteLength(name) <= 255;
const onLinux = process.platform === 'linux';
const taken = rows.filter(({ expect: { linux } }) => linux !== 'R');
const refused = rows.filter(({ expect: { linux } }) => linux === 'R');

function putRow(folder: string, parts: readonly string[], content: string): void {
  mkdirSync(join(folder, ...parts.slice(0, -1)), { recursive: true });
  writeFileSync(join(folder, ...parts), content);
}

test.runIf(onLinux)('every name that is taken arrives under the name of the table', async () => {
  const sent = taken.filter(({ parts }) => parts.every(canBeOnDisk) && parts.length < 60);
  expect(sent.length).toBeGreaterThan(80);
  for (const { id, parts } of sent) putRow(bench.path('rows', id), parts, `content of ${id}`);
  const paths = sent.map(({ id }) => bench.path('rows', id));
  const transfer = await sender.send(paths, receiver.port);
  const outcome = await sender.outcome('delivered', transfer);
  expect(outcome.failed.count).toBe(0);
  expect(readdirSync(receiver.directory).sort()).toEqual(sent.map(({ id }) => id).sort());
  for (const { id, savedAs } of sent) {
    const saved = join(receiver.directory, id, ...(savedAs.linux ?? []));
    expect(readFileSync(saved, 'utf8')).toBe(`content of ${id}`);
    // and nothing besides it
    const names = readdirSync(join(receiver.directory, id), { recursive: true });
    expect(names).toHaveLength(savedAs.linux?.length ?? 0);
  }
});

/** What a peer hears that offers such a file: hello and an error, and the prompt is never seen. */
async function heardFor(path: readonly string[]): Promise<number[]> {
  const socket = connectTls({
    host: '127.0.0.1',
    port: receiver.port,
    ...tlsOptions(await createIdentity()),
  });
  socket.on('error', () => undefined);
  const heard: number[] = [];
  const reader = new FrameReader({ onFrame: (type) => heard.push(type), onData: () => undefined });
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  const closed = once(socket, 'close');
  const hello = { type: 'hello', versions: [1], name: 'x', platform: 'linux', hashes: ['sha256'] };
  const kind = path.length > 1 ? 'folder' : 'file';
  socket.write(encodeMessage(hello as Parameters<typeof encodeMessage>[0]));
  socket.write(
    encodeMessage({
      type: 'offer',
      transferId: TRANSFER_ID,
      items: [{ name: path[0] ?? '', kind }],
      itemCount: 1,
      files: 1,
      directories: 0,
      bytes: 1,
      leftOut: 0,
    }),
  );
  socket.write(encodeMessage({ type: 'entries', entries: [{ kind: 'file', path, bytes: 1 }] }));
  await closed;
  return heard;
}

/** Not even a list of names: an empty one, one too long, too deep a path. */
const BREAKS_THE_WIRE = new Set(['N259', 'N260', 'N284', 'N285']);

describe('every name that is refused', () => {
  test.each(refused)('$id: $why', async ({ id, parts }) => {
    const before = readdirSync(receiver.directory).length;
    expect(await heardFor(parts)).toEqual([FRAME_TYPES.hello, FRAME_TYPES.error]);
    expect(receiver.all('offered', TRANSFER_ID)).toEqual([]);
    // the person hears that somebody tried
    const heard = BREAKS_THE_WIRE.has(id) ? [] : [{ name: 'x', address: '127.0.0.1' }];
    expect(receiver.refused.splice(0)).toMatchObject(heard);
    expect(readdirSync(receiver.directory)).toHaveLength(before);
  });
});
