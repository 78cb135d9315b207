import type { ErrorCode, Failure } from '../errors.ts';
import type { Transfer, TransferPhase } from './transfer.ts';
import { isFinished } from './transfer.ts';

/** What can be done with a transfer where it is: the windows offer just this, and commands do no more. */

/** By the bare exchange nobody could be told of it. */
export function canPause({ phase, mode }: Pick<Transfer, 'phase' | 'mode'>): boolean {
  return phase === 'transferring' && mode === 'tls';
}

/** What this side has stopped goes on; what the other side has stopped is theirs to let go on. */
export function canGoOn(transfer: TransferPhase): boolean {
  return transfer.phase === 'paused' && transfer.by !== 'peer';
}

/** A sender that waits before it dials again need not wait: the one who receives cannot dial. */
export function canTryNow({
  phase,
  mode,
  direction,
}: Pick<Transfer, 'phase' | 'mode' | 'direction'>): boolean {
  return phase === 'interrupted' && mode === 'tls' && direction === 'send';
}

const INTERRUPTIONS: ReadonlySet<ErrorCode> = new Set([
  'PEER_GONE',
  'PEER_TIMEOUT',
  'PEER_UNREACHABLE',
  'INTERRUPTED',
]);

/** Only the wire failed: both sides keep what they have, and the sender dials again. */
export function isInterruption({ code }: Failure): boolean {
  return INTERRUPTIONS.has(code);
}

/** What a cancel takes off the disk here, where a part is kept for its sender to come back; null: nothing is. */
export function bytesToDiscard({
  direction,
  ...transfer
}: TransferPhase & Pick<Transfer, 'direction'>): number | null {
  const isKept = direction === 'receive' && transfer.phase === 'interrupted' && transfer.bytes > 0;
  return isKept ? transfer.bytes : null;
}

export function canCancel(transfer: Pick<Transfer, 'phase'>): boolean {
  return !isFinished(transfer);
}

/** The files that it replaced can be put back. */
export function canUndo({
  direction,
  phase,
  replacedCount,
  undone,
}: Pick<Transfer, 'direction' | 'phase' | 'replacedCount' | 'undone'>): boolean {
  return direction === 'receive' && isFinished({ phase }) && replacedCount > 0 && !undone;
}

type Saved = Pick<Transfer, 'direction' | 'phase' | 'savedAs' | 'content'>;

/** What was received stands in a folder of a person's. A text is read where it comes. */
export function isSavedInFolder({ direction, phase, savedAs, content }: Saved): boolean {
  const isSaved = direction === 'receive' && savedAs !== null && isFinished({ phase });
  return isSaved && content === undefined;
}

/** A text that has come. */
export function canRead({ direction, phase, savedAs, content }: Saved): boolean {
  const isSaved = direction === 'receive' && savedAs !== null && phase === 'delivered';
  return isSaved && content !== undefined;
}

const RETRIED: ReadonlySet<TransferPhase['phase']> = new Set(['failed', 'declined', 'cancelled']);

/** Also what arrived but for a few files, where nothing tells which these are. */
export function canRetry(transfer: Transfer): boolean {
  const isPartly = transfer.phase === 'delivered' && transfer.failed.count > 0;
  if (!transfer.canRetry || canRetryFailed(transfer)) return false;
  return RETRIED.has(transfer.phase) || isPartly;
}

/** It arrived but for a few files, and these can be offered by themselves. */
export function canRetryFailed(transfer: Transfer): boolean {
  const { direction, phase, hasFileList = false } = transfer;
  return direction === 'send' && phase === 'delivered' && transfer.failed.count > 0 && hasFileList;
}

/** Nobody wanted it to end: it is among those that are all tried again at once. */
export function isRetriedWithAll(transfer: Pick<Transfer, 'phase' | 'canRetry'>): boolean {
  return transfer.canRetry && transfer.phase === 'failed';
}

/** Received, with a receipt, and not being compared already. */
export function canVerify(transfer: TransferPhase): boolean {
  return (
    transfer.phase === 'delivered' && transfer.hasReceipt && transfer.check?.state !== 'running'
  );
}
