import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../../../electron/engine/engine.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';

type Send = Parameters<Engine['commands']['send']>[0];

const LOOK_EVERY_MS = 1;

/** Sends the path, and answers when it is delivered. Throws how it ended otherwise. */
export async function sendWhole(engine: Engine, path: string, to: Send['to']): Promise<TransferId> {
  const { selectionId } = await engine.stagePaths([path]);
  const { transferId } = await engine.commands.send({ selectionId, to, mode: 'tls' });
  for (;;) {
    // what is told to a window comes ten times a second: too seldom to measure by. Asking without rest would
    // take a processor from those who carry it
    const transfer = engine.snapshot().transfers.find(({ id }) => id === transferId);
    if (transfer && isFinished(transfer)) {
      if (transfer.phase === 'delivered') return transferId;
      throw new Error(JSON.stringify(transfer));
    }
    await delay(LOOK_EVERY_MS);
  }
}
