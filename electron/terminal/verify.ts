import type { DoneCheck } from '../../shared/model/check.ts';
import { isIntact } from '../../shared/model/check.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { canVerify } from '../../shared/model/transfer-actions.ts';
import { failure } from '../../shared/errors.ts';
import { checkWords } from '../../shared/text/check-words.ts';
import type { Engine } from '../engine/engine.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { queryOf, search } from './history.ts';
import type { Interruption } from './interruption.ts';
import type { CommonOptions } from './launch.ts';
import { startEngine } from './launch.ts';
import type { Output } from './output.ts';
import { whatIsSent } from './say-offer.ts';
import { failureTitle, printable, size, word } from './words.ts';

type Delivered = Extract<Transfer, { readonly phase: 'delivered' }>;

/** Hashes what was received again: the latest, or all that has these words. */
export async function verify(
  words: readonly string[],
  options: CommonOptions,
  output: Output,
  interruption: Interruption,
): Promise<ExitCode> {
  const query = queryOf(words, { received: true });
  const engine = await startEngine({ ...options, discovery: false }, { listen: 'none' });
  try {
    const { transfers } = await search(engine, query, Infinity);
    const delivered = transfers.filter((transfer) => transfer.phase === 'delivered');
    const wanted = words.length > 0 ? delivered : delivered.slice(0, 1);
    if (wanted.length === 0) {
      const message = word('terminal.verifyNothing');
      output.event({ event: 'failed', code: 'NO_RECEIPT', message });
      output.warn(message);
      return EXIT.other;
    }
    return await Promise.race([
      verifyEach(engine, wanted, output),
      interruption.signal.then(() => EXIT.interrupted),
    ]);
  } finally {
    await engine.stop();
    output.screen?.stop();
  }
}

async function verifyEach(
  engine: Engine,
  transfers: readonly Delivered[],
  output: Output,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.delivered;
  for (const transfer of transfers) {
    if (!(await verifyOne(engine, transfer, output))) code = EXIT.other;
  }
  return code;
}

/** false: not all of it is as it arrived, or nobody can tell. */
async function verifyOne(engine: Engine, transfer: Delivered, output: Output): Promise<boolean> {
  const { id: transferId, totals, peer, savedAs } = transfer;
  const what = { what: whatIsSent(transfer), name: printable(peer.name), size: size(totals.bytes) };
  output.line(word('terminal.verifying', what));
  if (!canVerify(transfer)) {
    output.fail(failure('NO_RECEIPT'), transferId);
    return false;
  }
  // from here on it runs: what is not running is over
  await engine.commands.verify({ transferId });
  const check = await whenChecked(engine, transferId, (bytes) => {
    output.event({ event: 'checking', transferId, bytes, totalBytes: totals.bytes });
    const label = word('window.size.of', { done: size(bytes), all: size(totals.bytes) });
    output.screen?.updateBar(transferId, { bytes, totalBytes: totals.bytes, label });
  });
  output.screen?.endBar(transferId);
  if (check?.state !== 'done') {
    output.fail(check?.failure ?? failure('INTERRUPTED'), transferId);
    return false;
  }
  sayChecked(check, { transferId, savedAs }, output);
  return isIntact(check);
}

type Checked = Exclude<Delivered['check'], { readonly state: 'running' }>;

/** Resolves when it is over; null: it was stopped. */
function whenChecked(
  engine: Engine,
  transferId: TransferId,
  onBytes: (bytes: number) => void,
): Promise<Checked> {
  return new Promise((resolve) => {
    const look = ({ transfers }: Snapshot): void => {
      const transfer = transfers.find(({ id }) => id === transferId);
      const check = transfer?.phase === 'delivered' ? transfer.check : null;
      if (check?.state === 'running') {
        onBytes(check.bytes);
        return;
      }
      unsubscribe();
      resolve(check);
    };
    const unsubscribe = engine.subscribe(look);
    look(engine.snapshot());
  });
}

function sayChecked(
  check: DoneCheck,
  { transferId, savedAs }: Pick<Delivered, 'savedAs'> & { readonly transferId: TransferId },
  output: Output,
): void {
  const { files, intact, changed, missing, unchecked } = check;
  const problems = [changed, missing, unchecked];
  const examples = problems.flatMap((kind) => kind.examples);
  output.event({
    event: 'checked',
    transferId,
    files,
    intact,
    changed: changed.count,
    missing: missing.count,
    unchecked: unchecked.count,
    problems: examples,
    ...(savedAs !== null && { savedAs }),
  });
  const found = word('terminal.verifyFound', {
    path: printable(savedAs ?? ''),
    found: checkWords(check, word),
  });
  if (isIntact(check)) {
    output.line(found);
    return;
  }
  output.warn(found);
  for (const { path, code } of examples) {
    const why = { what: printable(path), reason: failureTitle(failure(code)) };
    output.warn(`  ${word('join.reason', why)}`);
  }
  const more = problems.reduce((sum, { count }) => sum + count, 0) - examples.length;
  if (more > 0) output.warn(`  ${word('terminal.andMore', { count: more })}`);
}
