import type { Engine } from '../engine/engine.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { Output } from './output.ts';
import { barProgress, lineProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { sayEnd, sayPhase } from './say.ts';
import { offerEvent } from './say-offer.ts';

interface Seen {
  readonly phase: Transfer['phase'] | null;
  readonly bytes: number;
  readonly resumed: number;
  readonly leftOut: boolean;
}

const UNSEEN: Seen = { phase: null, bytes: -1, resumed: 0, leftOut: false };

export interface Watch {
  stop(): void;
}

/** Tells on the terminal what happens to the transfers of an engine, from its snapshots alone. */
export function watchTransfers(
  engine: Engine,
  output: Output,
  onChange: (transfer: Transfer) => void,
): Watch {
  const seen = new Map<TransferId, Seen>();
  const { transfers } = engine.snapshot();
  const before = new Set(transfers.filter(isFinished).map((t) => t.id));
  const progress = createProgress(output);
  const look = (snapshot: Snapshot): void => {
    for (const transfer of [...snapshot.transfers].reverse()) {
      if (before.has(transfer.id)) continue;
      const last = seen.get(transfer.id) ?? UNSEEN;
      if (last.phase !== null && isFinished({ phase: last.phase })) continue;
      seen.set(transfer.id, tell(transfer, last, output, progress));
      if (transfer.phase !== last.phase) onChange(transfer);
    }
  };
  const unsubscribe = engine.subscribe(look);
  look(engine.snapshot());
  return {
    stop: () => {
      look(engine.snapshot());
      unsubscribe();
      progress.stop();
    },
  };
}

function createProgress(output: Output): Progress {
  const drawn = !output.json && process.stdout.isTTY;
  return drawn
    ? barProgress()
    : lineProgress((text) => {
        output.line(text);
      });
}

/** Answers what was told. A transfer may have passed several phases since the last look. */
function tell(transfer: Transfer, last: Seen, output: Output, progress: Progress): Seen {
  const lines = { ...output, line: output.json ? output.line : progress.line };
  const isNew = last.phase === null;
  if (isNew && transfer.direction === 'receive') output.event(offerEvent(transfer));
  const leftOut = transfer.direction === 'send' && transfer.leftOut.count > 0;
  if (leftOut && !last.leftOut) {
    const { count, examples } = transfer.leftOut;
    output.event({ event: 'leftOut', transferId: transfer.id, count, examples });
  }
  const resumed = transfer.keptBytes;
  if (resumed > 0 && resumed !== last.resumed) {
    output.event({ event: 'resumed', transferId: transfer.id, keptBytes: resumed });
  }
  if (isFinished(transfer)) progress.end(transfer.id);
  if (transfer.phase !== last.phase) sayPhase(transfer, lines);
  const bytes = tellBytes(transfer, last.bytes, output, progress);
  if (isFinished(transfer)) sayEnd(transfer, lines);
  return { phase: transfer.phase, bytes, resumed, leftOut };
}

function tellBytes(
  transfer: Transfer,
  lastBytes: number,
  output: Output,
  progress: Progress,
): number {
  const totalBytes = transfer.totals.bytes;
  const bytes =
    transfer.phase === 'transferring'
      ? transfer.bytes
      : transfer.phase === 'delivered'
        ? totalBytes
        : lastBytes;
  if (transfer.phase === 'transferring') progress.update(transfer);
  if (bytes !== lastBytes && bytes >= 0) {
    output.event({ event: 'progress', transferId: transfer.id, bytes, totalBytes });
  }
  return bytes;
}
