import { listenTls } from '../../electron/engine/transfer/listener.ts';
import { Door } from '../../electron/engine/transfer/door.ts';
import type { Connection } from '../../electron/engine/transfer/connection.ts';
import { realClock } from '../../electron/engine/transfer/ports.ts';
import { createIdentity } from './transfer-pair.ts';

/** A receiver that says yes, acknowledges some bytes, and hangs up: again and again. */
export interface HangingReceiver {
  readonly port: number;
  /** Connections so far. */
  count: number;
  readonly stop: () => Promise<void>;
}

/** `ackedBytes`: what it acknowledges in its nth connection, counted from 1. */
export async function hangingReceiver(
  ackedBytes: (nth: number) => number,
): Promise<HangingReceiver> {
  const listen = { mode: 'tls', host: '127.0.0.1', port: 0, otherPortIfTaken: false } as const;
  const receiver = { port: 0, count: 0, stop: () => Promise.resolve() };
  const onTransfer = (connection: Connection): void => {
    const bytes = ackedBytes(++receiver.count);
    let came = 0;
    connection.open({
      onMessage: ({ type }) => {
        if (type === 'entries') connection.send({ type: 'ok' });
      },
      onData: (part) => {
        came += part.length;
        if (came < bytes || came - part.length >= bytes) return;
        connection.send({ type: 'ack', bytes, holdUp: null });
        connection.close();
      },
      onClosed: () => undefined,
    });
    const greeting = { name: 'Ben', platform: 'linux' } as const;
    connection.send({ type: 'hello', ...greeting, versions: [1], hashes: ['sha256'] });
  };
  const system = { clock: realClock, door: new Door() };
  const listening = await listenTls(listen, await createIdentity(), system, {
    onTransfer,
    onPairing: (connection) => connection.destroy(),
  });
  return Object.assign(receiver, { port: listening.port, stop: () => listening.stop() });
}
