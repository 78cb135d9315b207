import type { Engine } from '../engine/engine.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { PausedBy, PhaseName, Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { Output } from './output.ts';
import type { Progress } from './progress.ts';
import { createProgress, isUnsized } from './progress.ts';
import { sayEnd, sayGoesOn, sayPaused, sayPhase } from './say.ts';
import { nameWarnings, offerEvent, offerLine } from './say-offer.ts';
import { planEvent, planOf } from './say-plan.ts';

interface Seen {
  readonly phase: PhaseName | null;
  readonly bytes: number;
  readonly keptBytes: number;
  readonly offered: boolean;
  readonly leftOut: boolean;
  readonly plan: Plan | null;
  /** The wire broke, and nothing has moved since. */
  readonly cut: boolean;
  /** Who lets it stand still. */
  readonly paused: PausedBy | null;
}

const UNSEEN: Seen = {
  phase: null,
  bytes: -1,
  keptBytes: 0,
  offered: false,
  leftOut: false,
  plan: null,
  cut: false,
  paused: null,
};

/** Phases in which an offer of ours has not reached the other side. */
const BEFORE_OFFER: readonly PhaseName[] = ['preparing', 'connecting', 'failed', 'cancelled'];
const MOVING: readonly PhaseName[] = ['transferring', 'finishing', 'delivered'];

export interface Watch {
  stop(): void;
}

export interface WatchOptions {
  readonly engine: Engine;
  readonly output: Output;
  /** false: somebody else says the lines of what is offered to us. */
  readonly saysOffers: boolean;
  /** Called with each new phase, after it was told. */
  readonly onChange: (transfer: Transfer) => void;
  /** Called with a plan that was not there yet when the phase began. */
  readonly onPlan?: (transfer: Transfer) => void;
}

/** Tells on the terminal what happens to the transfers of an engine, from its snapshots alone. */
export function watchTransfers(options: WatchOptions): Watch {
  const { engine, output, saysOffers, onChange, onPlan } = options;
  const seen = new Map<TransferId, Seen>();
  const { transfers } = engine.snapshot();
  // a peer may use an id of the history again, for another list: it began at another time
  const before = new Map(transfers.filter(isFinished).map((t) => [t.id, t.startedAtMs]));
  const progress = createProgress(output);
  const look = (snapshot: Snapshot): void => {
    for (const transfer of [...snapshot.transfers].reverse()) {
      if (before.get(transfer.id) === transfer.startedAtMs) continue;
      const last = seen.get(transfer.id) ?? UNSEEN;
      if (last.phase !== null && isFinished({ phase: last.phase })) continue;
      if (saysOffers && last.phase === null && transfer.direction === 'receive') {
        for (const line of [offerLine(transfer), ...nameWarnings(transfer)]) output.line(line);
      }
      const now = tell(transfer, last, output, progress);
      seen.set(transfer.id, now);
      if (transfer.phase !== last.phase) onChange(transfer);
      else if (now.plan && now.plan !== last.plan) onPlan?.(transfer);
    }
    // one program may see thousands of them
    const shown = new Set(snapshot.transfers.map(({ id }) => id));
    for (const id of seen.keys()) if (!shown.has(id)) seen.delete(id);
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

/** Answers what was told. A transfer may have passed several phases since the last look. */
function tell(transfer: Transfer, last: Seen, output: Output, progress: Progress): Seen {
  const { id: transferId, direction, phase, keptBytes } = transfer;
  const offered = last.offered || direction === 'receive' || !BEFORE_OFFER.includes(phase);
  if (offered && !last.offered) output.event(offerEvent(transfer));
  const plan = planOf(transfer);
  if (plan && plan !== last.plan) output.event(planEvent(transfer, plan));
  const leftOut = direction === 'send' && transfer.leftOut.count > 0;
  if (leftOut && !last.leftOut) {
    const { count, examples } = transfer.leftOut;
    output.event({ event: 'leftOut', transferId, count, examples });
  }
  const moves = MOVING.includes(phase);
  const resumed = moves && (last.cut || keptBytes > last.keptBytes);
  if (resumed) output.event({ event: 'resumed', transferId, keptBytes });
  if (isFinished(transfer)) progress.end(transferId);
  const paused = phase === 'paused' ? transfer.by : null;
  if (phase === 'paused' && paused !== last.paused) sayPaused(transfer, output);
  const goesOn = last.paused !== null && moves;
  if (goesOn) sayGoesOn(transfer, output);
  const isTold = (goesOn && phase === 'transferring') || (last.phase === null && isLeft(transfer));
  if (phase !== last.phase && !isTold) sayPhase(transfer, output);
  if (phase === 'transferring') progress.update(transfer);
  const bytes = tellBytes(transfer, last.bytes, output);
  if (isFinished(transfer)) sayEnd(transfer, output);
  const cut = phase === 'interrupted' || (last.cut && !moves);
  return { phase, bytes, keptBytes, offered, leftOut, plan, cut, paused };
}

/** Left unfinished by an earlier run: the line that introduces it says so. */
function isLeft({ direction, phase }: Transfer): boolean {
  return direction === 'receive' && phase === 'interrupted';
}

function tellBytes(transfer: Transfer, lastBytes: number, output: Output): number {
  const bytes = bytesOf(transfer) ?? lastBytes;
  if (bytes === lastBytes) return bytes;
  const totalBytes = isUnsized(transfer) ? null : transfer.totals.bytes;
  const limitedBy = transfer.phase === 'transferring' ? transfer.limitedBy : null;
  output.event({ event: 'progress', transferId: transfer.id, bytes, totalBytes, limitedBy });
  return bytes;
}

function bytesOf(transfer: Transfer): number | null {
  if (transfer.phase === 'transferring' || transfer.phase === 'paused') return transfer.bytes;
  return transfer.phase === 'delivered' ? transfer.totals.bytes : null;
}
