import type { Transfer } from '../../../shared/model/transfer.ts';
import { bytes, list, percent, rate, roundRemaining, t } from '../../text.tsx';
import type { ThreadState } from '../../ui/thread.tsx';

export interface Progress {
  readonly thread: ThreadState;
  /** Between 0 and 1; null where nothing can be said. */
  readonly fraction: number | null;
  /** How far it had come when it broke and was taken up again; null: it did not, or it is not known. */
  readonly takenUpAt: number | null;
}

/** How the line of a transfer is drawn; null where there is none any more. */
export function progressOf(transfer: Transfer): Progress | null {
  const line = lineOf(transfer);
  if (line === null) return null;
  const { keptBytes, totals } = transfer;
  const wasBroken = keptBytes > 0 && totals.bytes > 0;
  return { ...line, takenUpAt: wasBroken ? Math.min(1, keptBytes / totals.bytes) : null };
}

function lineOf(transfer: Transfer): Omit<Progress, 'takenUpAt'> | null {
  switch (transfer.phase) {
    case 'preparing':
    case 'connecting':
    case 'waiting':
    case 'offered':
      return { thread: 'slack', fraction: null };
    case 'transferring':
      return { thread: 'drawn', fraction: fractionOf(transfer, transfer.bytes, transfer.files) };
    case 'paused':
      return { thread: 'slack', fraction: fractionOf(transfer, transfer.bytes, transfer.files) };
    case 'finishing':
      return { thread: 'taut', fraction: 1 };
    case 'interrupted':
      return { thread: 'broken', fraction: fractionOf(transfer, transfer.bytes, 0) };
    case 'delivered':
      return { thread: isWhole(transfer) ? 'knot' : 'slack', fraction: 1 };
    case 'declined':
    case 'cancelled':
    case 'failed':
      return null;
  }
}

/** What nobody has checked, or lacks files, is not tied. */
function isWhole({ verified, failed }: Transfer & { phase: 'delivered' }): boolean {
  return verified && failed.count === 0;
}

/** By bytes; where all files are empty, by files. A peer's totals are a claim: it stays within 0 and 1. */
function fractionOf({ mode, totals }: Transfer, doneBytes: number, files: number): number | null {
  // The bare exchange tells no size.
  if (mode === 'plain' && totals.bytes === 0) return null;
  if (totals.bytes > 0) return Math.min(1, doneBytes / totals.bytes);
  return totals.files > 0 ? Math.min(1, files / totals.files) : 0;
}

/** The figures of a transfer, most telling first. */
export function figures(transfer: Transfer): readonly string[] {
  const { totals } = transfer;
  const all = bytes(totals.bytes);
  const known = totals.bytes > 0;
  switch (transfer.phase) {
    case 'transferring': {
      const done = bytes(transfer.bytes);
      const said = [known ? t('window.size.of', { done, all }) : done];
      if (totals.files > 1) {
        said.push(t('window.transfers.filesOf', { done: transfer.files, all: totals.files }));
      }
      said.push(...kept(transfer), rate(transfer.bytesPerSecond));
      if (transfer.remainingMs !== null) said.push(remaining(transfer.remainingMs));
      if (transfer.limitedBy !== null) {
        said.push(t(`window.transfers.limitedBy.${transfer.limitedBy}`));
      }
      return said;
    }
    case 'paused':
    case 'interrupted':
      return known ? [t('window.size.of', { done: bytes(transfer.bytes), all })] : [];
    case 'delivered':
      return [...size(transfer), ...kept(transfer)];
    case 'preparing':
      return totals.files > 0 ? size(transfer) : [];
    case 'connecting':
    case 'waiting':
    case 'offered':
    case 'finishing':
    case 'declined':
    case 'cancelled':
    case 'failed':
      return known || totals.files > 0 ? size(transfer) : [];
  }
}

function size({ totals, mode, content }: Transfer): string[] {
  if (content !== undefined) return [bytes(totals.bytes)];
  const said = [t('window.size.files', { count: totals.files })];
  if (totals.directories > 0) said.push(t('window.size.folders', { count: totals.directories }));
  if (mode === 'tls' || totals.bytes > 0) said.push(bytes(totals.bytes));
  return said;
}

/** What an earlier connection had brought across, and did not have to be sent again. */
function kept({ keptBytes }: Transfer): string[] {
  return keptBytes > 0 ? [t('window.transfers.kept', { size: bytes(keptBytes) })] : [];
}

export function remaining(ms: number): string {
  const { unit, count } = roundRemaining(ms);
  return unit === 'soon' ? t('window.time.soon') : t(`window.time.${unit}`, { count });
}

/** Read out in place of a per cent. */
export function progressText(transfer: Transfer, phase: string): string {
  if (transfer.phase !== 'transferring') return phase;
  const fraction = fractionOf(transfer, transfer.bytes, transfer.files);
  const done = bytes(transfer.bytes);
  if (fraction === null) return done;
  const whole = percent(Math.floor(fraction * 100) / 100);
  return list([whole, t('window.size.of', { done, all: bytes(transfer.totals.bytes) })]);
}
