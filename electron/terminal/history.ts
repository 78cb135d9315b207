import type { CommandInput } from '../../shared/contract.ts';
import type { HistoryPage } from '../../shared/model/history-page.ts';
import { commandSchemas } from '../../shared/contract.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { someOfAll } from '../../shared/model/transfer.ts';
import { endingWords, hasEnded } from '../../shared/text/ending-words.ts';
import type { Engine } from '../engine/engine.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CommonOptions } from './launch.ts';
import { startEngine } from './launch.ts';
import type { Output } from './output.ts';
import { offerEvent, whatIsSent } from './say-offer.ts';
import { UsageError } from './usage.ts';
import { moment, printable, size, word } from './words.ts';

export interface HistoryOptions extends CommonOptions {
  readonly sent?: boolean;
  readonly received?: boolean;
  readonly count: number;
}

/** The contract answers no more than this at once. */
const MAX_PAGE = 100;

type Query = CommandInput<'searchHistory'>;

/** Lists what was sent and received, newest first. */
export async function history(
  words: readonly string[],
  options: HistoryOptions,
  output: Output,
): Promise<ExitCode> {
  const query = queryOf(words, options);
  const engine = await startEngine({ ...options, discovery: false }, { listen: 'none' });
  try {
    const { transfers, total, there } = await search(engine, query, options.count);
    output.event({ event: 'found', total });
    for (const transfer of transfers) sayPast(transfer, there.includes(transfer.id), output);
    if (total === 0) output.warn(word('terminal.historyEmpty'));
    else if (total > transfers.length) {
      output.warn(word('terminal.historyMore', { shown: transfers.length, count: total }));
    }
    return EXIT.delivered;
  } finally {
    await engine.stop();
  }
}

export function queryOf(
  words: readonly string[],
  { sent, received }: Pick<HistoryOptions, 'sent' | 'received'>,
): Query {
  const direction = sent === received ? 'all' : sent ? 'send' : 'receive';
  const query = { text: words.join(' '), direction, from: 0, count: 1 };
  const checked = commandSchemas.searchHistory.safeParse(query);
  if (!checked.success) throw new UsageError(word('terminal.historyTooLong'));
  return checked.data;
}

/** As many as are wanted, in as many pages as that takes. */
export async function search(
  engine: Engine,
  query: Query,
  wanted: number,
): Promise<Omit<HistoryPage, 'again'>> {
  const transfers: Transfer[] = [];
  const there: TransferId[] = [];
  for (;;) {
    const count = Math.min(MAX_PAGE, wanted - transfers.length);
    const page = await engine.commands.searchHistory({ ...query, from: transfers.length, count });
    transfers.push(...page.transfers);
    there.push(...page.there);
    if (transfers.length >= Math.min(wanted, page.total) || page.transfers.length === 0) {
      return { transfers, total: page.total, there };
    }
  }
}

function sayPast(transfer: Transfer, isThere: boolean, output: Output): void {
  if (!hasEnded(transfer)) return;
  output.event(pastEvent(transfer, isThere));
  const { direction, peer, totals, savedAs, finishedAtMs } = transfer;
  const name = printable(peer.name);
  const who = word(`terminal.${direction === 'send' ? 'historyTo' : 'historyFrom'}`, { name });
  const what = [moment(finishedAtMs), who, whatIsSent(transfer), size(totals.bytes)];
  output.line([...what, endingWords(transfer, word)].join('\t'));
  if (transfer.unwanted) {
    output.line(`  ${word(`window.transfers.${direction}Some`, someOfAll(transfer))}`);
  }
  if (savedAs === null) return;
  const path = printable(savedAs);
  output.line(`  ${isThere ? path : word('terminal.historyGone', { path })}`);
}

function pastEvent(
  transfer: Extract<Transfer, { readonly finishedAtMs: number }>,
  isThere: boolean,
): Record<string, unknown> {
  const { direction, totals, savedAs, phase } = transfer;
  return {
    ...offerEvent(transfer),
    event: 'history',
    direction,
    // of the bare exchange too: it is known by now
    totalBytes: totals.bytes,
    startedAt: new Date(transfer.startedAtMs).toISOString(),
    finishedAt: new Date(transfer.finishedAtMs).toISOString(),
    outcome: phase,
    ...(transfer.unwanted && { unwanted: transfer.unwanted.files }),
    ...(phase === 'delivered' && {
      hash: transfer.hash,
      verified: transfer.verified,
      sentBytes: transfer.sentBytes,
      failed: transfer.failed.count,
    }),
    ...(phase === 'cancelled' && { by: transfer.by }),
    ...(phase === 'failed' && { code: transfer.failure.code }),
    ...(savedAs !== null && { savedAs, isThere }),
  };
}
