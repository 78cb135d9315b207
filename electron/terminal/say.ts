import { failure } from '../../shared/errors.ts';
import { canRetryFailed } from '../../shared/model/transfer-actions.ts';
import type { Problems, Transfer } from '../../shared/model/transfer.ts';
import { someOfAll } from '../../shared/model/transfer.ts';
import type { Output } from './output.ts';
import { whatIsSent } from './say-offer.ts';
import { failureTitle, printable, size, word } from './words.ts';

/** A transfer has reached another phase. */
export function sayPhase(transfer: Transfer, output: Output): void {
  const name = printable(transfer.peer.name);
  switch (transfer.phase) {
    case 'preparing':
    case 'finishing':
      output.line(word(`terminal.${transfer.phase}`));
      break;
    case 'connecting':
    case 'waiting':
      output.line(word(`terminal.${transfer.phase}`, { name }));
      break;
    case 'transferring':
      if (transfer.keptBytes > 0) {
        output.line(word('terminal.resumed', { size: size(transfer.keptBytes) }));
      }
      break;
    case 'interrupted': {
      const { code } = transfer.failure;
      output.event({ event: 'interrupted', transferId: transfer.id, code });
      output.line(word(`terminal.${interruptedKey(transfer)}`, { name, reason: reasonOf(code) }));
      break;
    }
    default:
      break;
  }
}

function interruptedKey({ direction, failure: why }: Transfer & { phase: 'interrupted' }) {
  const isSend = direction === 'send';
  if (why.code === 'DISK_FULL') return isSend ? 'noRoomSend' : 'noRoomReceive';
  return isSend ? 'interrupted' : 'interruptedReceive';
}

const PAUSED = { us: 'pausedByUs', peer: 'pausedByPeer', both: 'pausedByBoth' } as const;

/** It stands still, or for another reason than before. */
export function sayPaused(transfer: Transfer & { phase: 'paused' }, output: Output): void {
  const { id: transferId, by } = transfer;
  output.event({ event: 'paused', transferId, by });
  output.line(word(`terminal.${PAUSED[by]}`, { name: printable(transfer.peer.name) }));
}

export function sayGoesOn({ id: transferId }: Transfer, output: Output): void {
  output.event({ event: 'goesOn', transferId });
  output.line(word('terminal.goesOn'));
}

/** It is over: said once. */
export function sayEnd(transfer: Transfer, output: Output): void {
  const { id: transferId, direction, phase } = transfer;
  const context = { name: printable(transfer.peer.name), what: whatIsSent(transfer) };
  switch (phase) {
    case 'delivered':
      sayDelivered(transfer, output);
      break;
    case 'declined':
      if (direction === 'send') sayDeclined(transfer, output);
      else {
        output.event({ event: 'declined', transferId });
        output.line(word('terminal.declinedByUs', context));
      }
      break;
    case 'cancelled': {
      const by = transfer.by === 'us' ? 'cancelledByUs' : 'cancelledByPeer';
      const message = word(`terminal.${by}`, context);
      output.event({ event: 'failed', transferId, code: 'CANCELLED', message });
      output.warn(message);
      break;
    }
    case 'failed':
      // who receives may have several under way
      if (direction === 'receive') output.warn(word('terminal.failedReceive', context));
      output.fail(transfer.failure, transferId);
      break;
    default:
      break;
  }
}

/** By the bare exchange nobody can say no: all there is to see is a wire that was closed. */
function sayDeclined({ id, mode }: Transfer, output: Output): void {
  if (mode === 'tls') {
    output.fail(failure('DECLINED'), id);
    return;
  }
  const message = word('terminal.declinedPlain');
  output.event({ event: 'failed', transferId: id, code: 'DECLINED', message });
  output.warn(message);
}

function sayDelivered(transfer: Transfer & { phase: 'delivered' }, output: Output): void {
  const { files, bytes, directories } = transfer.totals;
  const { hash, verified, sentBytes, failed, savedAs } = transfer;
  const { replacedCount: replaced, identicalCount: identical } = transfer;
  output.event({
    event: 'delivered',
    transferId: transfer.id,
    files,
    directories,
    bytes,
    sentBytes,
    hash,
    verified,
    failed: failed.count,
    ...(failed.count > 0 && { failedFiles: failed.examples }),
    ...(transfer.unwanted && { unwanted: transfer.unwanted.files }),
    ...(savedAs !== null && { savedAs }),
    ...(transfer.direction === 'receive' && { replaced, identical }),
  });
  const name = printable(transfer.peer.name);
  const path = printable(savedAs ?? '');
  const values = { name, path, count: files, size: size(bytes), what: whatIsSent(transfer) };
  const line = word(`terminal.${deliveredKey(transfer)}`, values);
  output.line(withMet(line, replaced, identical));
  if (transfer.unwanted) {
    output.line(word(`window.transfers.${transfer.direction}Some`, someOfAll(transfer)));
  }
  sayProblems(output, 'someFailed', failed);
  if (canRetryFailed(transfer)) output.warn(word('terminal.retryFailed'));
  sayProblems(
    output,
    transfer.direction === 'send' ? 'leftOut' : 'leftOutBySender',
    transfer.leftOut,
  );
}

function deliveredKey({ direction, content, verified }: Transfer & { phase: 'delivered' }) {
  const isSend = direction === 'send';
  if (content !== undefined) return isSend ? 'textSent' : 'textReceived';
  if (verified) return isSend ? 'deliveredSend' : 'deliveredReceive';
  return isSend ? 'sentPlain' : 'savedPlain';
}

/** What became of files that were there before. */
function withMet(line: string, replacedCount: number, identicalCount: number): string {
  const replaced = word('terminal.replaced', { count: replacedCount });
  const identical = word('terminal.identical', { count: identicalCount });
  if (replacedCount > 0 && identicalCount > 0) {
    return word('terminal.met', { line, replaced, identical });
  }
  if (replacedCount === 0 && identicalCount === 0) return line;
  return word('terminal.metOne', { line, facts: replacedCount > 0 ? replaced : identical });
}

function sayProblems(
  output: Output,
  key: 'someFailed' | 'leftOut' | 'leftOutBySender',
  problems: Problems,
): void {
  if (problems.count === 0) return;
  output.warn(word(`terminal.${key}`, { count: problems.count }));
  for (const { path, code } of problems.examples) {
    const why = { what: printable(path), reason: reasonOf(code) };
    output.warn(`  ${word('join.reason', why)}`);
  }
  const more = problems.count - problems.examples.length;
  if (more > 0 && problems.examples.length > 0) {
    output.warn(`  ${word('terminal.andMore', { count: more })}`);
  }
}

function reasonOf(code: Parameters<typeof failure>[0]): string {
  return failureTitle(failure(code));
}
