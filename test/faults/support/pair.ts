import { join } from 'node:path';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Failure } from '../../../shared/errors.ts';
import { Proxy } from '../../support/proxy.ts';
import type { PartOptions, TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';
import { holdBaseline } from './baseline.ts';
import type { Trial } from './matrix.ts';
import { startReader } from './oracle.ts';
import type { Random } from './random.ts';

/** A sender and a receiver in this process, with a wire between them that a test can break. */
export interface Pair {
  readonly bench: Bench;
  readonly sender: TestSender;
  readonly receiver: TestReceiver;
  readonly proxy: Proxy;
}

export interface PairOptions {
  readonly sender?: PartOptions;
  readonly receiver?: PartOptions;
}

/** At the trial's end all is stopped, and nothing may be held that was not held before. */
export async function openPair(trial: Trial, options: PairOptions = {}): Promise<Pair> {
  startReader();
  const atBaseline = holdBaseline();
  const bench = new Bench();
  const [sender, receiver] = await Promise.all([
    bench.sender(options.sender),
    bench.receiver(options.receiver),
  ]);
  const proxy = await Proxy.open(receiver.port);
  trial.atEnd(async () => {
    try {
      await proxy.stop();
      await bench.stop();
      await atBaseline();
    } finally {
      await bench.remove();
    }
  });
  return { bench, sender, receiver, proxy };
}

export type EndKind = 'delivered' | 'declined' | 'cancelled' | 'failed';

/** How a transfer ended on one side. */
export async function endOf(
  side: TestSender | TestReceiver,
  id: TransferId,
): Promise<{ kind: EndKind; failure: Failure | null; failed: readonly string[] }> {
  const { outcome } = await side.event('ended', id);
  const failed = outcome.kind === 'delivered' ? outcome.failed.examples : [];
  return {
    kind: outcome.kind,
    failure: outcome.kind === 'failed' ? outcome.failure : null,
    failed: failed.map(({ path }) => path),
  };
}

/** A file with bytes of its own. */
export function putAny(path: string, random: Random, most: number): string {
  const bytes = random.chance(0.1) ? 0 : random.int(1, most);
  return putFile(path, bytes, random.int(1, 1_000_000));
}

/** Files beside each other and a folder: each is written in its own way. */
export function putSelection(folder: string, random: Random, mostBytes: number): string[] {
  const paths: string[] = [];
  const files = random.int(0, 2);
  for (let n = 0; n < files; n++)
    paths.push(putAny(join(folder, `file ${n}.bin`), random, mostBytes));
  if (files === 0 || random.chance(0.6)) {
    const inside = random.int(1, 12);
    for (let n = 0; n < inside; n++) {
      const below = random.pick(['', 'sub', 'sub/deep', 'other']);
      putAny(join(folder, 'tree', below, `f${n}`), random, n === 0 ? mostBytes : 60_000);
    }
    paths.push(join(folder, 'tree'));
  }
  return paths;
}
