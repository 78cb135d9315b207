import type { Engine } from '../../../electron/engine/engine.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';

type Send = Parameters<Engine['commands']['send']>[0];

/** Sends the path, and answers when it is delivered. Throws how it ended otherwise. */
export async function sendWhole(engine: Engine, path: string, to: Send['to']): Promise<TransferId> {
  const { selectionId } = await engine.stagePaths([path]);
  const { transferId } = await engine.commands.send({ selectionId, to, mode: 'tls' });
  return new Promise((resolve, reject) => {
    const look = ({ transfers }: Snapshot): void => {
      const transfer = transfers.find(({ id }) => id === transferId);
      if (!transfer || !isFinished(transfer)) return;
      stop();
      if (transfer.phase === 'delivered') resolve(transferId);
      else reject(new Error(JSON.stringify(transfer)));
    };
    const stop = engine.subscribe(look);
    look(engine.snapshot());
  });
}
