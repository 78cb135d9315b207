import type { DoneCheck } from '../../shared/model/check.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { parseCheck, parseLine } from './history-line.ts';

/** Newest first. A transfer that ended more than once counts as it ended last, and as last checked. */
export function* newestFirst(lines: readonly string[], most = Infinity): Generator<Transfer> {
  const checks = new Map<TransferId, DoneCheck>();
  const seen = new Set<TransferId>();
  for (const line of lines.toReversed()) {
    if (seen.size >= most) return;
    const checked = parseCheck(line);
    if (checked && !checks.has(checked.checked)) checks.set(checked.checked, checked.check);
    const transfer = checked ? null : parseLine(line);
    if (!transfer || seen.has(transfer.id)) continue;
    seen.add(transfer.id);
    const check = checks.get(transfer.id) ?? null;
    yield transfer.phase === 'delivered' ? { ...transfer, check } : transfer;
  }
}

/** The last lines of so many transfers, and of each of these the last that tells of a check. */
export function lastOf(lines: readonly string[], transfers: number): string[] {
  const kept: string[] = [];
  const checks = new Set<TransferId>();
  let left = transfers;
  for (const line of lines.toReversed()) {
    if (left === 0) break;
    const checked = parseCheck(line)?.checked;
    if (checked !== undefined && checks.has(checked)) continue;
    if (checked === undefined) left--;
    else checks.add(checked);
    kept.push(line);
  }
  return kept.reverse();
}
