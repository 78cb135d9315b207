import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { realFileSystem } from '../../electron/engine/transfer/ports.ts';
import { SPREAD_FILE_BYTES } from '../../shared/protocol/limits.ts';
import { resetSocket } from '../../electron/engine/transfer/reset-socket.ts';
import { putFile } from '../support/trees.ts';
import { mustNotSendMuchAgain } from './support/killed.ts';
import type { Trial } from './support/matrix.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import type { Pair } from './support/pair.ts';
import { endOf, openPair, putAny } from './support/pair.ts';
import type { Random } from './support/random.ts';

/**
 * If this fails, a film that goes by several connections arrives with a hole where one of them was cut, or is
 * sent again from its beginning, or never comes to its end.
 */

const MIB = 1024 * 1024;
const CUTS = ['a lane', 'all lanes', 'the session', 'all'] as const;

interface Cut {
  readonly what: (typeof CUTS)[number];
  readonly isReset: boolean;
  /** When so much is written. */
  readonly atBytes: number;
}

/** Sockets that came to a port for lanes: neither to the wire's nor to the receiver's. */
function watchLanes(trial: Trial, { proxy, receiver }: Pair): ReadonlySet<Socket> {
  const lanes = new Set<Socket>();
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    if ([proxy.port, receiver.port].includes(socket.localPort ?? 0)) return;
    lanes.add(socket);
    socket.once('close', () => lanes.delete(socket));
  };
  subscribe('net.server.socket', onSocket);
  trial.atEnd(() => Promise.resolve(unsubscribe('net.server.socket', onSocket)));
  return lanes;
}

function perform({ what, isReset }: Cut, lanes: ReadonlySet<Socket>, { proxy }: Pair): void {
  const [first] = lanes;
  const hit = what === 'a lane' ? first && [first] : what === 'the session' ? [] : lanes;
  for (const socket of hit ?? []) {
    if (isReset) resetSocket(socket);
    else socket.destroy();
  }
  if (what === 'the session' || what === 'all') proxy.cut();
}

function randomCuts(random: Random, bytes: number): Cut[] {
  const cuts = Array.from({ length: random.int(1, 4) }, () => ({
    what: random.pick(CUTS),
    isReset: random.chance(0.5),
    atBytes: random.int(1, bytes),
  }));
  return cuts.sort((a, b) => a.atBytes - b.atBytes);
}

promise({
  id: 'F05l',
  says: 'lanes that are cut, with their session or without it, cost time at most, and leave no hole',
  quick: 6,
  full: 200,
  run: async (random, trial) => {
    let writtenBytes = 0;
    let onWritten = (): void => undefined;
    const writeSync = ((...write: Parameters<typeof realFileSystem.writeSync>) => {
      const count = realFileSystem.writeSync(...write);
      writtenBytes += count;
      onWritten();
      return count;
    }) as typeof realFileSystem.writeSync;
    const pair = await openPair(trial, { receiver: { fs: { writeSync } } });
    const { bench, sender, receiver, proxy } = pair;
    proxy.letsLanesAround = true;
    const lanes = watchLanes(trial, pair);
    const films = Array.from({ length: random.int(1, 2) }, (_, n) => {
      const bytes = random.int(SPREAD_FILE_BYTES, 40 * MIB);
      return putFile(bench.path('source', `${n} film.bin`), bytes, random.int(1, 1_000_000));
    });
    const note = putAny(join(bench.path('source'), '0 note.txt'), random, 60_000);
    const expected = sentAs([...films, note]);
    const total = Object.values(expected.versions).reduce((n, [v]) => n + (v?.bytes ?? 0), 0);
    const cuts = randomCuts(random, total);
    trial.note(JSON.stringify(cuts));
    const todo = [...cuts];
    onWritten = () => {
      while (todo[0] && writtenBytes >= todo[0].atBytes) perform(todo.shift()!, lanes, pair);
    };

    const id = await sender.send([...films, note], proxy.port);
    const sent = await sender.outcome('delivered', id);
    const received = await endOf(receiver, id);
    if (received.kind !== 'delivered' || received.failed.length > 0) {
      throw new Error(JSON.stringify(received));
    }
    mustNotSendMuchAgain(sent.sentBytes, total, cuts.length);
    await mustBeRight(receiver.directory, expected);
    return undefined;
  },
});
