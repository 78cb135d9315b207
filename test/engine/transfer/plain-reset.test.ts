import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CountReporter } from '../../../electron/engine/transfer/count-reporter.ts';
import { Door } from '../../../electron/engine/transfer/door.ts';
import { JournalShelf } from '../../../electron/engine/transfer/journal-shelf.ts';
import { listenPlain } from '../../../electron/engine/transfer/plain-receive.ts';
import { realClock, realFileSystem } from '../../../electron/engine/transfer/ports.ts';
import type { TransferEvent } from '../../../electron/engine/transfer/worker-messages.ts';
import { KEEP_BOTH } from '../../../shared/model/plan.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

const MIB = 1024 * 1024;

/**
 * If this fails, what a sender has cut short on purpose is saved as if it had been all of it: a reset that
 * comes while data waits to be read looks like an orderly end.
 */
it.each([1, MIB + 5, 6 * MIB + 13])('a reset after %i bytes leaves nothing', async (bytes) => {
  const directory = mkdtempSync(join(tmpdir(), 'dropline-reset-'));
  const home = mkdtempSync(join(tmpdir(), 'dropline-reset-home-'));
  const acceptance = { directory, startedAtMs: 0, existing: KEEP_BOTH };
  const events: TransferEvent[] = [];
  const ended = new Promise<void>((resolve) => {
    const reporter = new CountReporter(realClock, (event) => {
      events.push(event);
      if (event.kind === 'ended') resolve();
      if (event.kind === 'offered')
        void listening.then((l) => l.accept(event.transferId, acceptance));
    });
    const where = { mode: 'plain', host: '127.0.0.1', port: 0, otherPortIfTaken: false } as const;
    const system = {
      fs: realFileSystem,
      clock: realClock,
      reporter,
      shelf: new JournalShelf(realFileSystem, home),
      door: new Door(),
    };
    const listening = listenPlain(where, system);
    void listening.then(async (receiver) => {
      const { port } = await receiver.bound();
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.write('cut.bin');
      await once(socket, 'data');
      // all of it is in the system's hands before anything of it can be read here
      const handedOver = socket.write(new Uint8Array(bytes));
      if (!handedOver) await once(socket, 'drain');
      socket.resetAndDestroy();
      stop = () => receiver.stop();
    });
  });
  let stop = (): Promise<void> => Promise.resolve();
  try {
    await ended;
    expect(events.at(-1)).toMatchObject({
      kind: 'ended',
      outcome: { kind: 'failed', failure: { code: 'PEER_GONE' } },
    });
    expect(readdirSync(directory)).toEqual([]);
  } finally {
    await stop();
    for (const path of [directory, home]) rmSync(path, { recursive: true });
  }
});

/** Those of tests before, which may still be closing, count with them. */
function sockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}

/** If this fails, each transfer that is stopped at its very end costs the program a socket for good. */
it('a sender that gives up after its last byte keeps no socket', async () => {
  const before = sockets();
  const bench = new Bench();
  const held = new Set<Socket>();
  let allCame: () => void = () => undefined;
  const came = new Promise<void>((resolve) => {
    allCame = resolve;
  });
  const silent = createServer({ allowHalfOpen: true }, (socket) => {
    held.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write('ok')).resume();
    socket.once('end', allCame);
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const sender = await bench.sender();
  const path = putFile(bench.path('a.bin'), 10);
  const port = (silent.address() as AddressInfo).port;
  const id = await sender.send([path], port, { mode: 'plain' });
  await came;
  await sender.cancel(id);
  await sender.event('ended', id);
  await expect.poll(sockets).toBeLessThanOrEqual(before + held.size);
  for (const socket of held) socket.destroy();
  await bench.remove();
  silent.close();
  await once(silent, 'close');
});
