import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BuiltEntries } from '../support/build-entries.ts';
import { buildEntries } from '../support/build-entries.ts';
import type { FromEngineProcess, ToEngineProcess } from '../support/engine-process.ts';

/** Memory must not grow with the size of a file: two engines, each in a process of its own. */

const MIB = 1024 * 1024;
const FILE_BYTES = 1536 * MIB;
const MAX_GROWTH_BYTES = 96 * MIB;

type Said<K extends FromEngineProcess['kind']> = Extract<FromEngineProcess, { kind: K }>;

/** What is measured is memory, not the disk: a folder in RAM takes half of the time. */
function roomyFolder(): string {
  const inRam = '/dev/shm';
  if (!existsSync(inRam)) return tmpdir();
  const { bavail, bsize } = statfsSync(inRam);
  return bavail * bsize > 4 * FILE_BYTES ? inRam : tmpdir();
}

let built: BuiltEntries;
const folder = mkdtempSync(join(roomyFolder(), 'dropline-memory-'));
const children: ChildProcess[] = [];

beforeAll(async () => {
  built = await buildEntries({
    'engine-process': 'test/support/engine-process.ts',
    'send-worker': 'electron/engine/transfer/send-worker.ts',
    'receive-worker': 'electron/engine/transfer/receive-worker.ts',
  });
});
afterAll(async () => {
  for (const child of children) {
    const exited = once(child, 'exit');
    child.send({ kind: 'stop' } satisfies ToEngineProcess);
    await exited;
  }
  await built.remove();
  rmSync(folder, { recursive: true, force: true });
});

function launch(name: string): ChildProcess {
  const directory = join(folder, `${name}-inbox`);
  mkdirSync(directory);
  const options = {
    home: join(folder, name),
    listen: 'tls',
    port: 0,
    deviceName: name,
    directory,
    accept: 'all',
    discovery: false,
    interface: '127.0.0.1',
  };
  const entry = fileURLToPath(new URL('engine-process.js', built.directory));
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const child = spawn(process.execPath, [entry, JSON.stringify(options)], { stdio: [...stdio] });
  children.push(child);
  return child;
}

function said<K extends FromEngineProcess['kind']>(child: ChildProcess, kind: K): Promise<Said<K>> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromEngineProcess) => {
      if (message.kind === kind) resolve(message as Said<K>);
    });
    child.once('exit', () => {
      reject(new Error('the engine ended'));
    });
  });
}

test('a file of one and a half GiB goes through without either side growing', async () => {
  const path = join(folder, 'sparse.bin');
  writeFileSync(path, '');
  truncateSync(path, FILE_BYTES);
  const [sender, receiver] = [launch('sender'), launch('receiver')];
  const [atSender, atReceiver] = await Promise.all([
    said(sender, 'ready'),
    said(receiver, 'ready'),
  ]);
  const ended = Promise.all([said(sender, 'ended'), said(receiver, 'ended')]);
  sender.send({ kind: 'send', path, port: atReceiver.port! } satisfies ToEngineProcess);
  const [sent, received] = await ended;
  expect(sent.transfer).toMatchObject({ phase: 'delivered', sentBytes: FILE_BYTES });
  expect(received.transfer).toMatchObject({ phase: 'delivered', verified: true });
  expect(statSync(join(folder, 'receiver-inbox', 'sparse.bin')).size).toBe(FILE_BYTES);
  const growth = {
    sender: sent.peakBytes - atSender.idleBytes,
    receiver: received.peakBytes - atReceiver.idleBytes,
  };
  expect(growth.sender).toBeGreaterThan(0);
  expect(growth.receiver).toBeGreaterThan(0);
  expect(growth.sender).toBeLessThan(MAX_GROWTH_BYTES);
  expect(growth.receiver).toBeLessThan(MAX_GROWTH_BYTES);
});
