import { describe, expect, it } from 'vitest';
import { carryWithin, limitMsOf } from './carry-within.ts';
import { carryBy } from './contender.ts';
import { freePort, onLoopback } from './place.ts';
import type { Program } from './programs.ts';
import { Programs } from './programs.ts';

const place = onLoopback(new Programs());
const FAR_MS = 600_000;
const forEver = () => place.startServer('sleep', ['1000']);

const LISTEN = `require('node:net').createServer().listen(process.argv[1], '127.0.0.1')`;
const listener = (port: number) => place.startServer(process.execPath, ['-e', LISTEN, `${port}`]);

describe.skipIf(process.platform !== 'linux')('a carry', () => {
  it('that hangs is given up, and what it started is ended', async () => {
    const started: Program[] = [];
    const carried = carryWithin(1, place, async (at) => {
      started.push(at.startServer('sleep', ['1000']), at.startClient('sleep', ['1000']));
      await Promise.all(started.map(({ ended }) => ended));
    });
    await expect(carried).rejects.toThrow('not done in');
    for (const program of started) expect((await program.ended).code).not.toBe(0);
  });

  it('that was given up starts nothing more', async () => {
    let start: () => Program = forEver;
    const carried = carryWithin(1, place, async (at) => {
      start = () => at.startClient('true', []);
      await new Promise<never>(() => undefined);
    });
    await expect(carried).rejects.toThrow('not done in');
    expect(() => start()).toThrow('not done in');
  });

  it('that fails leaves nothing behind, and says why', async () => {
    const started: Program[] = [];
    const carried = carryWithin(FAR_MS, place, async (at) => {
      started.push(at.startServer('sleep', ['1000']));
      throw new Error('no such luck');
    });
    await expect(carried).rejects.toThrow('no such luck');
    expect((await started[0]?.ended)?.code).not.toBe(0);
  });

  it('to a server that ends by itself ends it where the client fails', async () => {
    const port = await freePort();
    const server = listener(port);
    const carried = carryBy(server, port, () => place.startClient('false', []), 'itself');
    await expect(carried).rejects.toThrow('false ended with 1');
    expect((await server.ended).code).not.toBe(0);
  });

  it('ends its client where the server fails', async () => {
    const port = await freePort();
    const server = listener(port);
    const clients: Program[] = [];
    const start = () => {
      const client = place.startClient('/bin/sh', ['-c', 'echo; exec sleep 1000'], {
        onLine: () => server.kill('SIGKILL'),
      });
      clients.push(client);
      return client;
    };
    await expect(carryBy(server, port, start, 'itself')).rejects.toThrow('ended with');
    expect((await clients[0]?.ended)?.code).not.toBe(0);
  });
});

it('more bytes and more files may take longer', () => {
  expect(limitMsOf(1, 1)).toBeGreaterThanOrEqual(300_000);
  expect(limitMsOf(4 * 1024 ** 3, 1)).toBeGreaterThan(limitMsOf(1024 ** 3, 1));
  expect(limitMsOf(1, 99_000)).toBeGreaterThan(limitMsOf(1, 10_000));
});
