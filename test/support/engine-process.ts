import { start } from '../../electron/engine/engine.ts';
import type { EngineOptions } from '../../electron/engine/engine.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import { NO_SHELL } from './no-shell.ts';

/** One engine in a process of its own, driven over IPC: what it says and what it hears. */

export type ToEngineProcess =
  | { readonly kind: 'send'; readonly path: string; readonly port: number }
  | { readonly kind: 'stop' };

export type FromEngineProcess =
  | { readonly kind: 'ready'; readonly port: number | null; readonly idleBytes: number }
  | { readonly kind: 'ended'; readonly transfer: Transfer; readonly peakBytes: number };

const SAMPLE_EVERY_MS = 10;

async function main(text: string): Promise<void> {
  const options = JSON.parse(text) as Omit<EngineOptions, 'workers' | 'shell'>;
  const engine = await start({
    ...options,
    workers: new URL('./', import.meta.url),
    shell: NO_SHELL,
  });
  const say = (message: FromEngineProcess): void => {
    process.send?.(message);
  };
  let peakBytes = 0;
  setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, SAMPLE_EVERY_MS);
  engine.subscribe(({ transfers }) => {
    for (const transfer of transfers) {
      if (isFinished(transfer)) say({ kind: 'ended', transfer, peakBytes });
    }
  });
  process.on('message', (message: ToEngineProcess) => {
    void (message.kind === 'stop' ? stop() : send(message.path, message.port));
  });
  const stop = async (): Promise<void> => {
    await engine.stop();
    process.exit();
  };
  const send = async (path: string, port: number): Promise<void> => {
    const { selectionId } = await engine.stagePaths([path]);
    const to = { kind: 'address', host: '127.0.0.1', port, expectedPeerId: null } as const;
    await engine.commands.send({ selectionId, to, mode: 'tls' });
  };
  say({
    kind: 'ready',
    port: engine.snapshot().self.port,
    idleBytes: process.memoryUsage.rss(),
  });
}

await main(process.argv[2] ?? '');
