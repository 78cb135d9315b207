import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { HistoryQuery } from '../../electron/engine/history-search.ts';
import type { History } from '../../electron/engine/history.ts';
import { openHistory } from '../../electron/engine/history.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { delivered, transfer } from './shown-transfers.ts';

/** A home with a history in it, and what is asked of it. */

export let home = '';
/** Of its file. */
export let path = '';

/** A new one for each test. */
export function useHistory(): void {
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'dropline-history-'));
    path = join(home, 'history.jsonl');
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });
}

export const everything: HistoryQuery = { text: '', direction: 'all', from: 0, count: 100 };

export function named(name: string, more: Parameters<typeof transfer>[1] = {}): Transfer {
  return transfer(delivered, { items: [{ name, kind: 'file' }], ...more });
}

export async function filled(transfers: readonly Transfer[]): Promise<History> {
  const history = await openHistory(home);
  for (const one of transfers) await history.add(one);
  return history;
}

export async function namesFound(history: History, query: Partial<HistoryQuery>) {
  const { transfers } = await history.search({ ...everything, ...query });
  return transfers.map(({ items }) => items[0]?.name);
}
