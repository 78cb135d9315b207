import type { ErrorCode } from '../../../shared/errors.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DroplineError, toFailure } from '../../../shared/errors.ts';
import type { Problem } from '../../../shared/model/transfer.ts';
import { blockCount } from '../../../shared/protocol/hash-tree.ts';
import { SEND_WINDOW_BYTES, SPREAD_FILE_BYTES } from '../../../shared/protocol/limits.ts';
import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { Held } from '../../../shared/protocol/sender.ts';
import { EffortMeter } from './effort-meter.ts';
import { BlockHashes, digestOf } from './hash.ts';
import type { Range } from './missing-ranges.ts';
import { NOTHING_KEPT, bytesOf, rangesOf } from './missing-ranges.ts';
import { ProvenClaims } from './proven-claims.ts';
import type { Leave } from './send-lane.ts';
import type { SendStreamOptions } from './send-stream-options.ts';
import { sentHashHex } from './sent-hash.ts';
import { SMALL_FILE_BYTES, sendSmallFile } from './small-file.ts';
import { SourceBlocks } from './source-blocks.ts';
import type { SourceFile } from './source.ts';
import { sendSpread } from './spread-sender.ts';

/** Files sent before other transfers of this thread, and what the receiver says, get their turn. */
const FILES_PER_TURN = 32;

/** Sends every file that the receiver does not have, back to back, in the order of the offer. */
export class SendStream {
  readonly algorithm: HashAlgorithm;
  readonly meter: EffortMeter;
  readonly #options: SendStreamOptions;
  readonly #digest;
  readonly #blocks: SourceBlocks;
  readonly #problems = new Map<number, ErrorCode>();
  readonly #proven: ProvenClaims;
  #ackedBytes = 0;
  #wake: (() => void) | null = null;
  #standsStill = false;
  stopped = false;
  /** The last time that it waited it was for leave to send. */
  isPaced = false;
  /** By the session. */
  #ownBytes = 0;
  /** By the session and its lanes. */
  sentBytes = 0;
  endedFiles = 0;

  constructor(options: SendStreamOptions) {
    this.#options = options;
    this.algorithm = options.algorithm;
    this.meter = new EffortMeter(options.clock);
    this.#digest = digestOf(options.algorithm);
    const { source, algorithm } = options;
    const mayGoOn = (): boolean => !this.stopped;
    this.#blocks = new SourceBlocks({ source, algorithm, mayGoOn });
    this.#proven = new ProvenClaims({ ...options, blocks: this.#blocks, mayGoOn });
  }

  /** What the receiver may keep. */
  get keptBytes(): number {
    return this.#proven.bytes;
  }

  /** Files that could not be sent, for the person here. */
  get problems(): Problem[] {
    const { entries } = this.#options.source;
    return [...this.#problems].map(([index, code]) => ({
      path: entries.at(index)?.path.join('/') ?? '',
      code,
    }));
  }

  setAcked(bytes: number): void {
    this.#ackedBytes = bytes;
    this.news();
  }

  /** What it waits for may be there. */
  news(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  /** It reads and sends no more until it may go on. What is there already is compared all the same. */
  standStill(standsStill: boolean): void {
    this.#standsStill = standsStill;
    this.news();
  }

  stop(): void {
    this.stopped = true;
    this.news();
  }

  /** Reads what the receiver claims to have and compares. */
  prove(): Promise<void> {
    return this.#proven.prove();
  }

  async run(): Promise<void> {
    const { source, held } = this.#options;
    const { entries } = source;
    for (let index = 0; index < entries.length && !this.stopped; index++) {
      const entry = entries.at(index);
      if (entry?.kind !== 'file') continue;
      const isWanted = !this.#isHeld(index, held);
      if (isWanted && !this.#sendAtOnce(index, entry.bytes)) {
        await this.#sendFile(index, entry.bytes);
      }
      this.endedFiles++;
      if (this.endedFiles % FILES_PER_TURN === 0) await nextTurn();
    }
    if (this.#mustWait) await this.#waitForRoom();
    this.#options.writer.flush();
  }

  /** Over the files that were sent whole or that the receiver has. */
  transferHashHex(): Promise<string> {
    return sentHashHex(this.#options, this.#problems);
  }

  /** The receiver has it, or does not want it. */
  #isHeld(index: number, { skipped }: Held): boolean {
    const { states } = this.#options;
    const unwanted = skipped.get(index);
    if (unwanted !== undefined) states?.refused(index, unwanted);
    else if (!this.#proven.isSame(index)) return false;
    else states?.there(index);
    return true;
  }

  /** A small file of a disk, without a wait. false: it has to go the long way. */
  #sendAtOnce(index: number, bytes: number): boolean {
    const { writer, source, hashes, states } = this.#options;
    if (!source.openAtHand || bytes > Math.min(SMALL_FILE_BYTES, this.#windowBytes)) return false;
    if (this.stopped || this.#mustWait || this.#proven.kept(index)) return false;
    try {
      const file = source.openAtHand(index);
      try {
        const hash = sendSmallFile({ index, bytes, file }, writer, this.#digest, this.meter);
        if (hash === null) return false;
        hashes.set(index, hash);
        states?.sent(index);
      } finally {
        file.close();
      }
    } catch (error) {
      this.#failed(index, error);
      return true;
    }
    if (bytes > 0) this.#sent(bytes);
    return true;
  }

  async #sendFile(index: number, bytes: number): Promise<void> {
    const { writer, source, hashes, states } = this.#options;
    states?.sending(index);
    if (this.#mustWait && !(await this.#waitForRoom())) return;
    try {
      const opened = source.open(index);
      const file = opened instanceof Promise ? await opened : opened;
      try {
        const proven = this.#proven.kept(index);
        const blocks = proven?.blocks ?? new BlockHashes(this.algorithm);
        const stamp = proven?.stamp ?? file.stamp;
        const keep = proven?.keep ?? NOTHING_KEPT;
        await this.#sendRanges(index, file, () => rangesOf(bytes, keep), blocks);
        if (this.stopped) return;
        const stampNow = file.check();
        const hash = blocks.file(blockCount(bytes));
        if (!hash) throw new DroplineError('SOURCE_CHANGED');
        if (stampNow !== stamp) await this.#blocks.mustStillBe(hash, file, bytes);
        // it may have been told to stand still while it waited for the source
        if (this.#mustWait && !(await this.#waitForRoom())) return;
        hashes.set(index, hash);
        states?.sent(index);
        writer.message({ type: 'fileEnd', index, hash });
      } finally {
        file.close();
      }
    } catch (error) {
      this.#failed(index, error);
    }
  }

  #failed(index: number, error: unknown): void {
    const { code } = toFailure(error);
    if (code === 'PAGE_CLOSED' || code === 'INTERNAL') throw error;
    this.#problems.set(index, code);
    this.#options.states?.failed(index, code);
    this.#options.writer.message({ type: 'fileFailed', index, code });
  }

  async #sendRanges(
    index: number,
    file: SourceFile,
    ranges: () => Iterable<Range>,
    hashes: BlockHashes,
  ): Promise<void> {
    const { writer, lanes } = this.#options;
    if (!lanes || bytesOf(ranges()) < SPREAD_FILE_BYTES) {
      for (const range of ranges()) await this.#sendRange(index, file, range, hashes);
      return;
    }
    writer.message({ type: 'spread', index });
    writer.flush();
    const { meter } = this;
    await sendSpread({ index, file, hashes, meter, leave: this.#leave }, ranges(), {
      lanes,
      standsStill: () => this.#standsStill,
      waitWhile: (mustWait) => this.#waitWhile(mustWait),
      ownUnackedBytes: () => this.#ownBytes - this.#ackedBytes,
      sendBySession: (block) => this.#sendRange(index, file, block, hashes),
    });
  }

  async #sendRange(
    index: number,
    file: SourceFile,
    range: Range,
    blocks: BlockHashes,
  ): Promise<void> {
    const { writer } = this.#options;
    writer.message({ type: 'file', index, offset: range.offset, bytes: range.bytes });
    blocks.seek(range.offset);
    let offset = range.offset;
    const end = range.offset + range.bytes;
    while (offset < end) {
      if (this.#mustWait) await this.#waitForRoom();
      if (this.stopped) return;
      const target = writer.reserveData(Math.min(end - offset, this.#windowBytes));
      // a page answers later: that is no disk
      const reading = this.meter.disk(() => file.read(target, offset));
      const count = typeof reading === 'number' ? reading : await reading;
      if (count < target.length) throw new DroplineError('SOURCE_CHANGED');
      offset += count;
      blocks.update(target, offset === end);
      writer.commitData(count);
      this.#sent(count);
    }
    blocks.flush();
  }

  #sent(bytes: number): void {
    this.#ownBytes += bytes;
    this.#spend(bytes);
    this.#options.onSent(bytes);
  }

  #spend(bytes: number): void {
    this.sentBytes += bytes;
    this.#options.pacer?.spend(bytes);
  }

  /** What a lane may send. */
  readonly #leave: Leave = {
    isStopped: () => this.stopped,
    roomBytes: () => (this.#standsStill ? 0 : (this.#options.pacer?.roomBytes ?? Infinity)),
    wait: () => this.#waitWhile(() => this.#leave.roomBytes() === 0),
    spend: (bytes) => this.#spend(bytes),
  };

  get #mustWait(): boolean {
    if (this.stopped) return false;
    if (this.#standsStill || this.#options.writer.full) return true;
    return this.#windowBytes <= 0;
  }

  /** What may be sent before the next acknowledgement, and now. */
  get #windowBytes(): number {
    const room = SEND_WINDOW_BYTES - (this.#ownBytes - this.#ackedBytes);
    return room <= 0 ? 0 : Math.min(room, this.#options.pacer?.roomBytes ?? room);
  }

  /** false: it was stopped meanwhile. */
  async #waitForRoom(): Promise<boolean> {
    await this.#waitWhile(() => this.#mustWait);
    return !this.stopped;
  }

  async #waitWhile(mustWait: () => boolean): Promise<void> {
    const { writer, pacer } = this.#options;
    // what is gathered must be on its way, or the acknowledgement waited for never comes
    writer.flush();
    this.meter.begin('waiting');
    while (!this.stopped && mustWait()) {
      this.isPaced = pacer?.roomBytes === 0;
      if (this.isPaced) pacer?.onRoom(() => this.news());
      if (writer.full) writer.onRoom(() => this.news());
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    this.meter.end('waiting');
  }
}
