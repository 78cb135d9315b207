import type { DoneCheck } from '../../shared/model/check.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { parseCheck, parseLine, parseUndone } from './history-line.ts';

/** Newest first. A transfer that ended more than once counts as it ended last, as last checked, and as undone. */
export function* newestFirst(lines: readonly string[], most = Infinity): Generator<Transfer> {
  const checks = new Map<TransferId, DoneCheck>();
  const seen = new Set<TransferId>();
  const undone = new Set<TransferId>();
  for (const line of lines.toReversed()) {
    if (seen.size >= most) return;
    const checked = parseCheck(line);
    if (checked && !checks.has(checked.checked)) checks.set(checked.checked, checked.check);
    const back = parseUndone(line);
    if (back) undone.add(back);
    const transfer = checked || back ? null : parseLine(line);
    if (!transfer || seen.has(transfer.id)) continue;
    seen.add(transfer.id);
    const check = checks.get(transfer.id) ?? null;
    const now = { ...transfer, undone: transfer.undone || undone.has(transfer.id) };
    yield now.phase === 'delivered' ? { ...now, check } : now;
  }
}

/** The last lines of so many transfers; of each of these the last check, and whether it was undone. */
export function lastOf(lines: readonly string[], transfers: number): string[] {
  const kept: string[] = [];
  const checks = new Set<TransferId>();
  let left = transfers;
  for (const line of lines.toReversed()) {
    if (left === 0) break;
    const checked = parseCheck(line)?.checked;
    if (checked !== undefined && checks.has(checked)) continue;
    if (checked !== undefined) checks.add(checked);
    else if (parseUndone(line) === null) left--;
    kept.push(line);
  }
  return kept.reverse();
}
