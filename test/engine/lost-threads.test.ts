import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, expect, inject, test } from 'vitest';
import { Ground } from '../support/engines.ts';
import { putFile } from '../support/trees.ts';

/** Threads that die, which they should never do: the engine says so and goes on. */

const MIB = 1024 * 1024;
const ground = new Ground();
// a home is held by its engine: a test that fails may not keep it from the next try
afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

/** A folder of workers in which one is a stand-in, with this text. */
function workerOf(name: string, code: string): URL {
  const folder = mkdtempSync(ground.path(`workers-${name}-`));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, `${name}.js`), code);
  return pathToFileURL(`${folder}/`);
}

function workersWith(name: string, onMessage: string): URL {
  const head = `import { parentPort } from 'node:worker_threads';`;
  return workerOf(name, `${head}\nparentPort.on('message', (message) => {\n${onMessage}\n});\n`);
}

test('the transfers of a send thread that died have failed, and the next one gets a new thread', async () => {
  const workers = workersWith(
    'send-worker',
    `if (message.kind === 'send') throw new Error('died of it');
     if (message.kind === 'stop') parentPort.postMessage({ kind: 'stopped' });`,
  );
  const anna = await ground.start('Anna', { workers, listen: 'none' });
  const path = putFile(ground.path('a.txt'), 1);
  const first = await anna.send([path], 9);
  const failed = await anna.until(first, 'failed');
  expect(failed.failure).toEqual({ code: 'INTERNAL', details: { reason: 'died of it' } });
  expect(anna.engine.snapshot().notices).toHaveLength(1);
  const second = await anna.send([path], 9);
  await anna.until(second, 'failed');
  expect(anna.engine.snapshot().notices).toHaveLength(2);
  await ground.stopEngines();
});

test('a send thread that dies in the middle takes nothing along: what had come stays, and it goes on', async () => {
  const [bytes, enough] = [24 * MIB, 8 * MIB];
  // the real one, which dies once when it has read so much
  const name = 'send-worker';
  const mark = ground.path('has died');
  const code = `
    import fs from 'node:fs';
    const readSync = fs.readSync;
    let read = 0;
    fs.readSync = (...args) => {
      if (read > ${enough} && !fs.existsSync(${JSON.stringify(mark)})) {
        fs.writeFileSync(${JSON.stringify(mark)}, '');
        process.exit(1);
      }
      const bytes = readSync(...args);
      read += bytes;
      return bytes;
    };
    await import(${JSON.stringify(new URL(`${name}.js`, inject('workers')).href)});`;
  const [anna, ben] = [
    await ground.start('Anna', { workers: workerOf(name, code), listen: 'none' }),
    await ground.start('Ben'),
  ];
  const path = putFile(ground.path('film.bin'), bytes, 7);
  const id = await anna.send([path], ben);
  expect((await anna.until(id, 'failed')).canRetry).toBe(true);
  expect(existsSync(mark)).toBe(true);
  expect(anna.engine.snapshot().notices).toHaveLength(1);
  await ben.until(id, 'interrupted');
  const again = await anna.engine.commands.retry({ transferId: id });
  const { sentBytes } = await anna.until(again.transferId, 'delivered');
  await ben.until(again.transferId, 'delivered');
  expect(sentBytes).toBeLessThan(bytes);
  expect(readFileSync(join(ben.directory, 'film.bin')).equals(readFileSync(path))).toBe(true);
  await ground.stopEngines();
});

test('a receive thread that dies in the middle is there again, by the same port, and goes on', async () => {
  const [bytes, enough] = [24 * MIB, 8 * MIB];
  const name = 'receive-worker';
  const mark = ground.path('receiver has died');
  const code = `
    import fs from 'node:fs';
    const writeSync = fs.writeSync;
    let written = 0;
    fs.writeSync = (...args) => {
      if (written > ${enough} && !fs.existsSync(${JSON.stringify(mark)})) {
        fs.writeFileSync(${JSON.stringify(mark)}, '');
        process.exit(1);
      }
      const bytes = writeSync(...args);
      written += bytes;
      return bytes;
    };
    await import(${JSON.stringify(new URL(`${name}.js`, inject('workers')).href)});`;
  const [anna, ben] = [
    await ground.start('Anna', { listen: 'none' }),
    await ground.start('Ben', { workers: workerOf(name, code) }),
  ];
  const { port } = ben;
  const path = putFile(ground.path('again.bin'), bytes, 8);
  const id = await anna.send([path], ben);
  await anna.until(id, 'delivered');
  await ben.until(id, 'delivered');
  expect(existsSync(mark)).toBe(true);
  expect(ben.port).toBe(port);
  expect(ben.engine.snapshot().notices).toEqual([]);
  expect(readFileSync(join(ben.directory, 'again.bin')).equals(readFileSync(path))).toBe(true);
  await ground.stopEngines();
});

test('a receive thread that dies each time is given up: no port is shown, and it is told once', async () => {
  const workers = workersWith(
    'receive-worker',
    `if (message.kind !== 'start') return;
     parentPort.postMessage({ kind: 'listening', host: '127.0.0.1', port: 5 });
     setImmediate(() => { throw new Error('died later'); });`,
  );
  const ben = await ground.start('Ben', { workers });
  const notices = await ben.when((now) => now.self.port === null && now.notices[0] && now.notices);
  expect(notices.map(({ failure }) => failure.details)).toEqual([{ reason: 'died later' }]);
  await ground.stopEngines();
});

test('a thread that does not hear that it should stop is ended all the same', async () => {
  const workers = workersWith(
    'receive-worker',
    `if (message.kind === 'start') parentPort.postMessage({ kind: 'listening', host: '::', port: 5 });`,
  );
  const deaf = await ground.start('Carl', { workers });
  await ground.stopEngines();
  const again = await ground.start('Carl');
  expect(again.id).toBe(deaf.id);
  await ground.stopEngines();
  rmSync(ground.path('Carl-home'), { recursive: true });
});

test('a page that never lists its files can be cancelled', async () => {
  const dora = await ground.start('Dora', { listen: 'none' });
  const items = [{ name: 'a', kind: 'file' }] as const;
  const { selectionId } = await dora.engine.openPage(items, 1, 'http://127.0.0.1');
  const { transferId } = await dora.engine.commands.send({
    selectionId,
    to: { kind: 'address', host: '127.0.0.1', port: 9, expectedPeerId: null },
    mode: 'tls',
  });
  await dora.cancel(transferId);
  expect((await dora.until(transferId, 'cancelled')).by).toBe('us');
  await ground.stopEngines();
});
