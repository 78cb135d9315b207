import { failure } from '../../../shared/errors.ts';
import type { PairedDevice } from '../../../shared/model/pairing.ts';
import { remainingMs } from '../../../shared/model/progress.ts';
import type { Unwanted } from '../../../shared/model/unwanted.ts';
import type {
  PausedBy,
  Totals,
  Transfer,
  TransferMode,
  TransferPhase,
} from '../../../shared/model/transfer.ts';
import { NOTHING_MET, isFinished, offeredTotals } from '../../../shared/model/transfer.ts';
import { sameTotals } from '../../../shared/protocol/manifest.ts';
import type { CheckEvent } from '../transfer/check-messages.ts';
import type {
  MetExisting,
  TransferCount,
  TransferEvent,
  WorkerOutcome,
} from '../transfer/worker-messages.ts';
import type { Pace } from './pace.ts';
import { nextPace } from './pace.ts';
import { transferPeer } from './standing.ts';

/** `nowMs` is monotonic, for rates; `epochMs` is the calendar, for people. */
export interface Times {
  readonly nowMs: number;
  readonly epochMs: number;
}

type EventOf<K extends TransferEvent['kind']> = Extract<TransferEvent, { kind: K }>;

export function offeredTransfer(
  event: EventOf<'offered'>,
  times: Times,
  paired: readonly PairedDevice[],
): Transfer {
  const transfer = received(event, event.mode, times.epochMs, paired);
  const offered = event.pictures ?? 0;
  const pictures = offered > 0 && { pictures: { offered, come: 0 } };
  return { ...transfer, phase: 'offered', plan: null, ...pictures };
}

/** It goes on where `before` was cut off, and takes its place. */
export function continuedTransfer(
  event: EventOf<'continued'>,
  before: Transfer | undefined,
  times: Times,
  paired: readonly PairedDevice[],
): Transfer {
  const startedAtMs = before?.startedAtMs ?? times.epochMs;
  const bytes = before && 'bytes' in before ? before.bytes : 0;
  const { unwanted } = before ?? {};
  const transfer = received({ ...event, unwanted }, event.mode, startedAtMs, paired);
  return { ...transfer, phase: 'interrupted', bytes, failure: failure('INTERRUPTED') };
}

export function restoredTransfer(
  event: EventOf<'restored'>,
  paired: readonly PairedDevice[],
): Transfer {
  const transfer = received(event, 'tls', event.startedAtMs, paired);
  const { bytes } = event;
  return { ...transfer, phase: 'interrupted', bytes, failure: failure('INTERRUPTED') };
}

function received(
  event: EventOf<'offered' | 'continued' | 'restored'>,
  mode: TransferMode,
  startedAtMs: number,
  paired: readonly PairedDevice[],
) {
  return {
    id: event.transferId,
    direction: 'receive',
    mode,
    peer: transferPeer(event.peer, paired, event.peer.address),
    items: event.items,
    itemCount: event.itemCount,
    content: event.content,
    ...withoutUnwanted(event.totals, event.unwanted),
    leftOut: { count: event.leftOutCount, examples: [] },
    startedAtMs,
    keptBytes: 0,
    savedAs: null,
    ...NOTHING_MET,
    canRetry: false,
  } as const;
}

/** What is to come. Nothing unwanted is not told. */
export function withoutUnwanted(offered: Totals, unwanted: Unwanted | undefined) {
  const { files = 0, directories = 0, bytes = 0 } = unwanted ?? {};
  const totals = {
    files: offered.files - files,
    directories: offered.directories - directories,
    bytes: offered.bytes - bytes,
  };
  return { totals, unwanted: files + directories === 0 ? undefined : unwanted };
}

/** A finished transfer hears nothing more: a late event cannot bring it back. */
export function applyEvent(
  transfer: Transfer,
  event: Exclude<
    TransferEvent,
    | CheckEvent
    | {
        kind:
          'counts' | 'offered' | 'continued' | 'restored' | 'superseded' | 'offering' | 'takenBack';
      }
  >,
  times: Times,
  paired: readonly PairedDevice[],
): Transfer {
  if (isFinished(transfer)) return transfer;
  switch (event.kind) {
    case 'prepared': {
      const { items, itemCount, content, totals, leftOut } = event;
      // its thread knows them from now on
      const hasFileList = transfer.mode === 'tls' && content === undefined && totals.files > 0;
      const said = { items, itemCount, content, leftOut };
      // what was chosen of the same things is so still, whatever it takes to go on with them
      const chosen = sameTotals(offeredTotals(transfer), totals) ? transfer.unwanted : undefined;
      return { ...transfer, ...said, ...withoutUnwanted(totals, chosen), hasFileList };
    }
    case 'connecting':
      return withPhase(transfer, { phase: 'connecting' });
    case 'waiting':
      return withPhase(
        { ...transfer, peer: transferPeer(event.peer, paired, transfer.peer.name) },
        { phase: 'waiting' },
      );
    case 'started': {
      const { keptBytes, unwanted } = event;
      const chosen = withoutUnwanted(offeredTotals(transfer), unwanted);
      return withPhase({ ...transfer, ...chosen, keptBytes }, flowing(keptBytes, 0));
    }
    case 'paused':
      return paused(transfer, event.by);
    case 'planned':
      if (transfer.phase !== 'offered') return transfer;
      return { ...transfer, plan: event.plan };
    case 'pictures':
      if (transfer.phase !== 'offered' || !transfer.pictures) return transfer;
      return { ...transfer, pictures: { ...transfer.pictures, come: event.come } };
    case 'looking':
      return withPhase(transfer, { phase: 'preparing' });
    case 'finishing':
      return withPhase(transfer, { phase: 'finishing' });
    case 'interrupted': {
      const bytes = 'bytes' in transfer ? transfer.bytes : 0;
      return withPhase(transfer, { phase: 'interrupted', bytes, failure: event.failure });
    }
    case 'ended':
      return ended(met(transfer, event.existing), event.outcome, times.epochMs);
  }
}

export function applyCount(
  transfer: Transfer,
  count: TransferCount,
  last: Pace | undefined,
  nowMs: number,
): { readonly transfer: Transfer; readonly pace: Pace | null } {
  if (transfer.phase !== 'transferring' && transfer.phase !== 'paused') {
    return { transfer, pace: null };
  }
  // the bare exchange tells no size: what is here is all that is known
  const unsized = transfer.mode === 'plain' && transfer.direction === 'receive';
  const totals = unsized ? { ...transfer.totals, bytes: count.bytes } : transfer.totals;
  const bytes = Math.min(count.bytes, totals.bytes);
  if (transfer.phase === 'paused') {
    const { by } = transfer;
    const phase = { phase: 'paused', bytes, files: count.files, by } as const;
    return { transfer: withPhase(transfer, phase), pace: null };
  }
  const pace = nextPace(last, nowMs, bytes);
  const { sample, curve } = pace;
  const phase: TransferPhase = {
    phase: 'transferring',
    bytes,
    files: count.files,
    bytesPerSecond: sample.bytesPerSecond,
    remainingMs: unsized ? null : remainingMs(sample, totals.bytes),
    course: curve.rates,
    limitedBy: count.limitedBy,
  };
  return { transfer: withPhase({ ...transfer, totals }, phase), pace };
}

/** null: nobody wants it to stand still any more. Where nothing flows there is nothing to pause. */
function paused(transfer: Transfer, by: PausedBy | null): Transfer {
  switch (transfer.phase) {
    case 'transferring':
    case 'paused':
    case 'interrupted': {
      const { bytes } = transfer;
      const files = transfer.phase === 'interrupted' ? 0 : transfer.files;
      if (by !== null) return withPhase(transfer, { phase: 'paused', bytes, files, by });
      return transfer.phase === 'paused' ? withPhase(transfer, flowing(bytes, files)) : transfer;
    }
    default:
      return transfer;
  }
}

/** It begins to flow, or goes on: how fast is not known yet. */
function flowing(bytes: number, files: number): TransferPhase {
  const rate = { bytesPerSecond: 0, remainingMs: null, limitedBy: null };
  return { phase: 'transferring', bytes, files, ...rate };
}

function met(transfer: Transfer, existing: MetExisting | undefined): Transfer {
  if (!existing) return transfer;
  return { ...transfer, replacedCount: existing.replaced, identicalCount: existing.identical };
}

function ended(transfer: Transfer, outcome: WorkerOutcome, finishedAtMs: number): Transfer {
  switch (outcome.kind) {
    case 'delivered': {
      const { hash, verified, sentBytes, failed, files, bytes, savedAs } = outcome;
      const totals = { ...transfer.totals, files, bytes };
      // its journal has just become one
      const hasReceipt = transfer.direction === 'receive' && transfer.mode === 'tls';
      const result = { hash, verified, sentBytes, failed, hasReceipt, check: null };
      return withPhase(
        { ...transfer, totals, savedAs },
        { phase: 'delivered', finishedAtMs, ...result },
      );
    }
    case 'declined':
      return withPhase(transfer, { phase: 'declined', finishedAtMs });
    case 'cancelled':
      return withPhase(transfer, { phase: 'cancelled', finishedAtMs, by: outcome.by });
    case 'failed':
      return withPhase(transfer, { phase: 'failed', finishedAtMs, failure: outcome.failure });
  }
}

/** Replaces the phase and what belongs to it; the rest of the transfer stays. */
function withPhase(transfer: Transfer, phase: TransferPhase): Transfer {
  const { id, direction, mode, peer, items, itemCount, content, totals, leftOut } = transfer;
  const { unwanted, startedAtMs, keptBytes, savedAs, canRetry, hasFileList } = transfer;
  const { replacedCount, identicalCount, undone } = transfer;
  const rest = { id, direction, mode, peer, items, itemCount, content, totals, unwanted, leftOut };
  const existing = { replacedCount, identicalCount, undone };
  const known = { startedAtMs, keptBytes, savedAs, canRetry, ...(hasFileList && { hasFileList }) };
  return { ...rest, ...known, ...existing, ...phase };
}
