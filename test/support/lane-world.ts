import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection } from '../../electron/engine/transfer/connection.ts';
import { EffortMeter } from '../../electron/engine/transfer/effort-meter.ts';
import { BlockHashes } from '../../electron/engine/transfer/hash.ts';
import type { LaneCallers } from '../../electron/engine/transfer/lane-port.ts';
import { rangesOf } from '../../electron/engine/transfer/missing-ranges.ts';
import { Pacer } from '../../electron/engine/transfer/pacer.ts';
import type { PartFiles } from '../../electron/engine/transfer/part-files.ts';
import { ReceiveLanes } from '../../electron/engine/transfer/receive-lanes.ts';
import { SendLanes } from '../../electron/engine/transfer/send-lanes.ts';
import { SpreadBlocks } from '../../electron/engine/transfer/spread-blocks.ts';
import { sendSpread } from '../../electron/engine/transfer/spread-sender.ts';
import type { LimitedBy } from '../../shared/model/limit.ts';
import { blockCount } from '../../shared/protocol/hash-tree.ts';
import type { LaneMessage } from '../../shared/protocol/lane-messages.ts';
import { BLOCK_BYTES, MAX_LANES } from '../../shared/protocol/limits.ts';
import type { Entry } from '../../shared/protocol/messages.ts';
import type { Cursor } from '../../shared/protocol/stream-order.ts';
import { START } from '../../shared/protocol/stream-order.ts';
import { HandClock } from './hand-clock.ts';
import { LaneEnd } from './lane-end.ts';

/** One large file on its way by lanes that are in memory: a test delivers, holds back and cuts what it likes. */

/** What a receiver has of the file, and keeps over sessions. */
export class PartInMemory {
  readonly content: Uint8Array;
  hashes = new BlockHashes('sha256');

  constructor(bytes: number) {
    this.content = new Uint8Array(bytes);
  }

  get files(): PartFiles {
    const files: Pick<PartFiles, 'writeAt' | 'hashesOf'> = {
      writeAt: (_index, bytes, position) => this.content.set(bytes, position),
      hashesOf: () => this.hashes,
    };
    return files as PartFiles;
  }

  /** As a receiver that comes back hashes what lies on its disk; answers what of it is right. */
  lookThrough(source: Uint8Array): boolean[] {
    this.hashes = new BlockHashes('sha256');
    this.hashes.update(this.content, true);
    return Array.from({ length: blockCount(source.length) }, (_, block) => {
      const [from, to] = [block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES];
      return Buffer.compare(this.content.subarray(from, to), source.subarray(from, to)) === 0;
    });
  }
}

/** A session in which one file is sent. */
export class LaneWorld {
  readonly clock = new HandClock();
  readonly pacer = new Pacer(this.clock);
  /** Each with its sender's end first. */
  readonly lanes: (readonly [LaneEnd, LaneEnd])[] = [];
  readonly blocks: SpreadBlocks;
  readonly sender: SendLanes;
  readonly receiver: ReceiveLanes;
  readonly hashes = new BlockHashes('sha256');
  receivedBytes = 0;
  staleBytes = 0;
  sessionBytes = 0;
  /** Of files before this one, which the receiver has not taken. */
  smallFileBytes = 0;
  /** By the session and by lanes. */
  sentBytes = 0;
  readonly faults: unknown[] = [];
  limitedBy: LimitedBy | null = 'network';
  standsStill = false;
  isStopped = false;
  /** Where lanes cannot be had. */
  isBlocked = false;
  readonly #content: Uint8Array;
  readonly #entries: readonly Entry[];
  #cursor: Cursor = START;
  readonly #session: { offset: number; bytes: Uint8Array }[] = [];
  #callers: LaneCallers | null = null;
  hasPort = false;
  readonly #tokens = new Set<string>();
  #wake: () => void = () => undefined;

  constructor(content: Uint8Array, part: PartInMemory) {
    this.#content = content;
    this.#entries = [{ kind: 'file', path: ['f'], bytes: content.length }];
    const { clock } = this;
    const meter = new EffortMeter(clock, () => 0);
    this.blocks = new SpreadBlocks(part.files, 'sha256', {
      onBytes: (bytes) => (this.receivedBytes += bytes),
      onStale: (bytes) => (this.staleBytes += bytes),
      isRefused: () => false,
    });
    this.receiver = new ReceiveLanes({
      clock,
      meter,
      blocks: this.blocks,
      sessionNow: () => ({ cursor: this.#cursor, entries: this.#entries, skipped: new Set() }),
      onViolation: () => this.faults.push('violation'),
      onError: (error) => this.faults.push(error),
      dial: () => this.#dial(),
    });
    this.sender = new SendLanes({
      clock,
      most: MAX_LANES,
      openPort: (callers) => {
        this.#callers = callers;
        this.hasPort = true;
        return Promise.resolve({
          port: 50_000,
          offer: () => this.#offer(),
          stop: async () => undefined,
        });
      },
      offer: (port, token) => this.receiver.offered(port, token),
      ownUnackedBytes: () => this.ownUnackedBytes,
      limitedBy: () => this.limitedBy,
      onNews: () => this.news(),
      onViolation: () => this.faults.push('sender: violation'),
    });
  }

  /** The session has come to the file. */
  openFile(): void {
    this.#cursor = { ...START, open: { index: 0, offset: 0, left: 0, isSpread: true } };
    this.blocks.open(0);
    this.receiver.sessionMoved();
  }

  /** The session says that the file is whole. */
  endFile(): void {
    this.#cursor = { ...START, lastIndex: 0 };
    this.blocks.close();
    this.receiver.sessionMoved();
  }

  /** By the session. */
  get ownUnackedBytes(): number {
    return this.#session.reduce((sum, { bytes }) => sum + bytes.length, this.smallFileBytes);
  }

  news(): void {
    this.#wake();
  }

  stop(): void {
    this.isStopped = true;
    this.news();
    this.pacer.stop();
    void this.sender.stop();
    this.receiver.stop();
  }

  /** Sends what is not kept. */
  send(keep: readonly boolean[] = [], read = this.#read): Promise<void> {
    const meter = new EffortMeter(this.clock, () => 0);
    const file = { read, stamp: '', check: () => '', close: () => undefined };
    const ranges = rangesOf(this.#content.length, { has: (block) => keep[block] === true });
    const leave = {
      isStopped: () => this.isStopped,
      roomBytes: () => this.pacer.roomBytes,
      wait: () => this.#waitWhile(() => this.pacer.roomBytes === 0),
      spend: (bytes: number) => {
        this.sentBytes += bytes;
        this.pacer.spend(bytes);
      },
    };
    return sendSpread({ index: 0, file, hashes: this.hashes, meter, leave }, ranges, {
      lanes: this.sender,
      standsStill: () => this.standsStill,
      waitWhile: (mustWait) => this.#waitWhile(mustWait),
      ownUnackedBytes: () => this.ownUnackedBytes,
      sendBySession: (block) => {
        const bytes = new Uint8Array(block.bytes);
        read(bytes, block.offset);
        this.hashes.seek(block.offset);
        this.hashes.update(bytes, true);
        this.#session.push({ offset: block.offset, bytes });
        this.sentBytes += block.bytes;
        return Promise.resolve();
      },
    });
  }

  /** The session brings the next of its blocks. false: it has none. */
  deliverSession(): boolean {
    const next = this.#session.shift();
    if (!next) return false;
    const bringer = { isSession: true, onOvertaken: () => undefined };
    this.blocks.begin(bringer, next.offset, next.bytes.length);
    this.blocks.write(bringer, next.bytes);
    this.sessionBytes += next.bytes.length;
    this.news();
    return true;
  }

  /** Everything goes where it is to go until `over` is settled; a bounded number of turns. */
  async finish(over: Promise<unknown>): Promise<void> {
    const state = { isOver: false };
    const settled = over.finally(() => (state.isOver = true));
    settled.catch(() => undefined);
    this.openFile();
    for (let n = 0; !state.isOver; n++) {
      if (n > 5_000) throw new Error('it stands still');
      for (const [near, far] of this.lanes) {
        near.deliver(Infinity);
        far.deliver(Infinity);
      }
      this.deliverSession();
      this.clock.turn(100);
      await nextTurn();
    }
    while (this.deliverSession());
    await settled;
  }

  async #waitWhile(mustWait: () => boolean): Promise<void> {
    while (!this.isStopped && mustWait()) {
      if (this.pacer.roomBytes === 0) this.pacer.onRoom(() => this.news());
      await new Promise<void>((wake) => (this.#wake = wake));
    }
  }

  readonly #read = (target: Uint8Array, offset: number): number => {
    target.set(this.#content.subarray(offset, offset + target.length));
    return target.length;
  };

  #offer(): string {
    const token = this.lanes.length.toString(16).padStart(2, '0').repeat(16);
    this.#tokens.add(token);
    return token;
  }

  #dial(): Promise<Connection<LaneMessage>> {
    if (this.isBlocked) return Promise.reject(new Error('nobody there'));
    const [near, far] = LaneEnd.pair();
    this.lanes.push([near, far]);
    near.open({
      onMessage: (message) => {
        if (message.type === 'join' && this.#tokens.size > 0)
          this.#callers?.onJoined(near.connection);
        else near.destroy();
      },
      onData: () => near.destroy(),
      onClosed: () => undefined,
    });
    return Promise.resolve(far.connection);
  }
}
