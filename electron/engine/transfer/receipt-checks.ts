import { join } from 'node:path';
import { DroplineError, toFailure } from '../../../shared/errors.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { Clock, FileSystem } from './ports.ts';
import { readReceipt } from './read-receipt.ts';
import { receiptName, receiptsIn } from './receipt.ts';
import { verifyReceipt } from './verify-receipt.ts';
import type { CheckOutcome } from './check-messages.ts';
import type { TransferEvent } from './worker-messages.ts';

const REPORT_EVERY_MS = 100;

interface Run {
  readonly transferId: TransferId;
  readonly arrived: number;
  isWanted: boolean;
}

interface ReceiptChecksOptions {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly home: string;
  readonly emit: (event: TransferEvent) => void;
}

/** Verifies received transfers again, one after the other: two at once would tear at the disk. */
export class ReceiptChecks {
  readonly #options: ReceiptChecksOptions;
  readonly #runs = new Map<TransferId, Run>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: ReceiptChecksOptions) {
    this.#options = options;
  }

  /** `arrived`: how many files it had brought. Ends with `checked`. */
  start(transferId: TransferId, arrived: number): void {
    if (this.#runs.has(transferId)) return;
    const run: Run = { transferId, arrived, isWanted: true };
    this.#runs.set(transferId, run);
    this.#last = this.#last.then(async () => {
      const outcome = await this.#check(run);
      if (this.#runs.get(transferId) === run) this.#runs.delete(transferId);
      // what was begun anew meanwhile is under way, whatever became of this one
      if (this.#runs.has(transferId)) return;
      this.#options.emit({ kind: 'checked', transferId, outcome });
    });
  }

  stop(transferId: TransferId): void {
    const run = this.#runs.get(transferId);
    if (run) run.isWanted = false;
    this.#runs.delete(transferId);
  }

  /** Resolves when nothing is read any more. */
  stopAll(): Promise<void> {
    for (const transferId of [...this.#runs.keys()]) this.stop(transferId);
    return this.#last;
  }

  async #check(run: Run): Promise<CheckOutcome> {
    const { transferId, arrived } = run;
    const { fs, home } = this.#options;
    const isWanted = (): boolean => run.isWanted;
    const onBytes = this.#reporter(transferId);
    try {
      const path = join(receiptsIn(home), receiptName(transferId));
      const receipt = await readReceipt(fs, path, isWanted);
      if (!isWanted()) return { kind: 'stopped' };
      if (receipt === null) throw new DroplineError('NO_RECEIPT');
      const result = await verifyReceipt(receipt, { fs, arrived, isWanted, onBytes });
      return result ? { kind: 'done', result } : { kind: 'stopped' };
    } catch (error) {
      return { kind: 'failed', failure: toFailure(error) };
    }
  }

  #reporter(transferId: TransferId): (bytes: number) => void {
    const { clock, emit } = this.#options;
    let toldAtMs = Number.NEGATIVE_INFINITY;
    return (bytes) => {
      const nowMs = clock.nowMs();
      if (nowMs - toldAtMs < REPORT_EVERY_MS) return;
      toldAtMs = nowMs;
      emit({ kind: 'checking', transferId, bytes });
    };
  }
}
