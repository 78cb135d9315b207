import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { tlsOptions } from '../../../electron/engine/transfer/authentication.ts';
import { MAX_UNAUTHENTICATED_PER_ADDRESS } from '../../../shared/protocol/limits.ts';
import { HandClock } from '../../support/hand-clock.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench, createIdentity } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/**
 * If one of these fails: a person says yes to one thing and gets another, or what lies outside the
 * folder they chose is sent, or one stranger keeps the others out.
 */

const bench = new Bench();
let receiver: TestReceiver;
let sender: TestSender;

beforeAll(async () => {
  [receiver, sender] = await Promise.all([bench.receiver(), bench.sender()]);
});
afterEach(() => {
  receiver.accepts = true;
});
afterAll(() => bench.remove());

test('while a prompt stands, another list under its number is refused and the first one stays', async () => {
  receiver.accepts = false;
  const shown = putFile(bench.path('shown', 'photo.jpg'), 1000);
  const bait = putFile(bench.path('bait', 'evil.desktop'), 3000);
  const id = await sender.send([shown], receiver.port);
  await receiver.event('offered', id);
  const twin = await bench.sender({ identity: sender.identity });
  await twin.send([bait], receiver.port, { transferId: id });
  expect((await twin.outcome('failed', id)).failure.code).toBe('PROTOCOL_VIOLATION');
  await receiver.accept(id);
  await sender.outcome('delivered', id);
  expect(readdirSync(receiver.directory)).toContain('photo.jpg');
  expect(readdirSync(receiver.directory)).not.toContain('evil.desktop');
});

test('what was shown as a text does not become a file, nor a file a text', async () => {
  receiver.accepts = false;
  const path = putFile(bench.path('flip', 'run me.desktop'), 100);
  const text = { source: { kind: 'paths', paths: [path], content: 'text' } } as const;
  for (const [shown, instead, content] of [
    [text, {}, 'text'],
    [{}, text, undefined],
  ] as const) {
    const id = await sender.send([path], receiver.port, shown);
    expect((await receiver.event('offered', id)).content).toBe(content);
    const twin = await bench.sender({ identity: sender.identity });
    await twin.send([path], receiver.port, { ...instead, transferId: id });
    expect((await twin.outcome('failed', id)).failure.code).toBe('PROTOCOL_VIOLATION');
    expect(receiver.all('offered', id)).toHaveLength(1);
    await sender.cancel(id);
    await receiver.event('ended', id);
  }
});

test('what was received keeps its id when the receiver is started again', async () => {
  const before = await bench.receiver();
  const good = putFile(bench.path('good', 'link.txt'), 20);
  const evil = putFile(bench.path('evil', 'link.txt'), 30);
  const id = await sender.send([good], before.port);
  await before.outcome('delivered', id);
  await before.stop();
  const { identity, directory, home } = before;
  const after = await bench.receiver({ identity, place: { directory, home } });
  const twin = await bench.sender({ identity: sender.identity });
  await twin.send([evil], after.port, { transferId: id });
  const refused = await twin.event('ended', id);
  expect(refused.outcome).toMatchObject({ failure: { code: 'PROTOCOL_VIOLATION' } });
  expect(after.all('offered', id)).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'a pipe that takes a file’s place fails that file and nothing else',
  async () => {
    receiver.accepts = false;
    const folder = bench.path('piped');
    const path = putFile(join(folder, 'a.txt'), 10);
    putFile(join(folder, 'b.txt'), 10);
    const id = await sender.send([folder], receiver.port);
    await receiver.event('offered', id);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    await receiver.accept(id);
    const { failed, files } = await sender.outcome('delivered', id);
    expect(files).toBe(1);
    expect(failed.examples).toEqual([{ path: 'piped/a.txt', code: 'SOURCE_CHANGED' }]);
  },
);

test.skipIf(process.platform === 'win32')(
  'a folder swapped for a link after the scan sends nothing from where the link leads',
  async () => {
    receiver.accepts = false;
    const folder = bench.path('swapped');
    const inside = putFile(join(folder, 'sub', 'a.txt'), 10, 1);
    const outside = bench.path('outside');
    putFile(join(outside, 'a.txt'), 10, 2);
    // a decoy of the same size and time: only its identity tells it apart
    execFileSync('touch', ['-r', inside, join(outside, 'a.txt')]);
    const id = await sender.send([folder], receiver.port);
    await receiver.event('offered', id);
    renameSync(join(folder, 'sub'), bench.path('moved'));
    symlinkSync(outside, join(folder, 'sub'));
    await receiver.accept(id);
    const { failed, files } = await sender.outcome('delivered', id);
    expect(files).toBe(0);
    expect(failed.examples).toEqual([{ path: 'swapped/sub/a.txt', code: 'SOURCE_CHANGED' }]);
  },
);

test('strangers with keys who offer nothing make room for the next one', async () => {
  // nobody's time to speak is ever over here
  const { port } = await bench.receiver({ clock: new HandClock() });
  const count = MAX_UNAUTHENTICATED_PER_ADDRESS + 3;
  const sockets = [];
  for (let n = 0; n < count; n++) {
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      ...tlsOptions(await createIdentity()),
    });
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'secureConnect');
    sockets.push({ socket, closed: once(socket, 'close') });
  }
  // the oldest go first
  await Promise.all(sockets.slice(0, 3).map(({ closed }) => closed));
  expect(sockets.at(-1)?.socket.destroyed).toBe(false);
  for (const { socket } of sockets) socket.destroy();
});

test('an empty folder is offered with its one item', async () => {
  const folder = bench.path('nothing in it');
  mkdirSync(folder, { recursive: true });
  const id = await sender.send([folder], receiver.port);
  await sender.outcome('delivered', id);
  expect(readdirSync(join(receiver.directory, 'nothing in it'))).toEqual([]);
});
