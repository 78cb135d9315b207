import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { HoldUp } from '../../../shared/model/limit.ts';
import type { LaneMessage } from '../../../shared/protocol/lane-messages.ts';
import { BLOCK_BYTES, DEAD_AFTER_MS, SEND_WINDOW_BYTES } from '../../../shared/protocol/limits.ts';
import type { Connection } from './connection.ts';
import type { EffortMeter } from './effort-meter.ts';
import { FrameWriter } from './frame-writer.ts';
import type { BlockHashes } from './hash.ts';
import type { Range } from './missing-ranges.ts';
import type { SourceFile } from './source.ts';

/** A file whose blocks go by lanes. */
export interface SpreadFile {
  readonly index: number;
  readonly file: SourceFile;
  readonly hashes: BlockHashes;
  readonly meter: EffortMeter;
  readonly leave: Leave;
}

/** How much may be sent, by whatever way. */
export interface Leave {
  /** Nobody wants it any more. */
  readonly isStopped: () => boolean;
  readonly roomBytes: () => number;
  /** Resolves when there is room, or all is stopped. */
  readonly wait: () => Promise<void>;
  readonly spend: (bytes: number) => void;
}

export interface SendLaneEvents {
  /** There may be room, or an acknowledgement came. */
  readonly onNews: () => void;
  /** It carries nothing more. `PROTOCOL_VIOLATION`: the receiver said what may not be said. */
  readonly onLost: (code: ErrorCode) => void;
}

/** A block under way, and how much payload the lane has carried when it is there. */
interface Sent {
  readonly block: Range;
  /** Infinity: it is being sent. */
  endsAtBytes: number;
}

/** The next block is there when a half of the last is. */
const MIN_WINDOW_BYTES = 1.5 * BLOCK_BYTES;

/** One lane as its sender sees it: blocks go out, acknowledgements come back (PROTOCOL.md §14). */
export class SendLane {
  readonly #connection: Connection<LaneMessage>;
  readonly #writer: FrameWriter;
  readonly #events: SendLaneEvents;
  /** Not acknowledged yet, the oldest first. */
  readonly #sent: Sent[] = [];
  #sentBytes = 0;
  /** As the receiver said last. */
  ackedBytes = 0;
  holdUp: HoldUp = null;
  /** What may be on its way: about what it carries in a second, as others wait for the last of it. */
  #windowBytes = 2 * BLOCK_BYTES;
  #sampledBytes = 0;
  #stuckMs = 0;
  /** Payload of the blocks that are acknowledged whole. */
  wholeBytes = 0;
  isLost = false;

  constructor(connection: Connection<LaneMessage>, events: SendLaneEvents) {
    this.#connection = connection;
    this.#writer = new FrameWriter(connection);
    this.#events = events;
    connection.open({
      onMessage: (message) => this.#take(message),
      onData: () => this.#lose('PROTOCOL_VIOLATION'),
      onClosed: (code) => this.#lose(code),
    });
  }

  /** Blocks that are not known to be there. */
  get unacked(): readonly Range[] {
    return this.#sent.map(({ block }) => block);
  }

  /** A whole block may go. */
  get hasRoom(): boolean {
    if (this.#writer.full) {
      this.#writer.onRoom(this.#events.onNews);
      return false;
    }
    return this.#windowBytes - this.unackedBytes >= BLOCK_BYTES;
  }

  get unackedBytes(): number {
    return this.#sentBytes - this.ackedBytes;
  }

  /** All of the blocks that are not known to be there: none of it may be, if the receiver dies. */
  get unfinishedBytes(): number {
    return this.#sent.reduce((sum, { block }) => sum + block.bytes, 0);
  }

  /**
   * So long has passed since the last time. One that brings nothing is lost, though its peer may be heard; not
   * where it `isAhead` of its session, and has to wait for that.
   */
  sample(ms: number, isAhead: boolean): void {
    const broughtBytes = this.ackedBytes - this.#sampledBytes;
    const isHeld = isAhead || this.holdUp !== null;
    const isStuck = broughtBytes === 0 && this.unackedBytes > 0 && !isHeld;
    this.#stuckMs = isStuck ? this.#stuckMs + ms : 0;
    if (this.#stuckMs >= DEAD_AFTER_MS) {
      this.#lose('PEER_TIMEOUT');
      return;
    }
    const perSecond = (broughtBytes * 1_000) / ms;
    this.#sampledBytes = this.ackedBytes;
    this.#windowBytes = Math.min(SEND_WINDOW_BYTES, Math.max(MIN_WINDOW_BYTES, perSecond));
  }

  /**
   * Reads a block and sends it; where the lane is lost meanwhile it is among those `unacked`. Throws what the
   * source does: the receiver then never gets the rest of the block.
   */
  async send(block: Range, { index, file, hashes, meter, leave }: SpreadFile): Promise<void> {
    const writer = this.#writer;
    const sent: Sent = { block, endsAtBytes: Infinity };
    this.#sent.push(sent);
    writer.message({ type: 'file', index, ...block });
    hashes.seek(block.offset);
    const end = block.offset + block.bytes;
    try {
      for (let offset = block.offset; offset < end && !this.isLost;) {
        if (leave.roomBytes() === 0) {
          writer.flush();
          await leave.wait();
          if (leave.isStopped()) return;
        }
        const target = writer.reserveData(Math.min(end - offset, leave.roomBytes()));
        const reading = meter.disk(() => file.read(target, offset));
        const count = typeof reading === 'number' ? reading : await reading;
        if (count < target.length) throw new DroplineError('SOURCE_CHANGED');
        offset += count;
        hashes.update(target, offset === end);
        writer.commitData(count);
        this.#sentBytes += count;
        leave.spend(count);
      }
      hashes.flush();
    } finally {
      sent.endsAtBytes = this.#sentBytes;
      writer.flush();
      this.#settle(); // nothing of it may have been sent
    }
  }

  close(): void {
    this.isLost = true;
    this.#connection.destroy();
  }

  #take(message: LaneMessage): void {
    if (message.type === 'ping') return;
    if (message.type !== 'ack') {
      this.#lose(message.type === 'error' ? 'PEER_GONE' : 'PROTOCOL_VIOLATION');
      return;
    }
    if (message.bytes < this.ackedBytes || message.bytes > this.#sentBytes) {
      this.#lose('PROTOCOL_VIOLATION');
      return;
    }
    this.ackedBytes = message.bytes;
    this.holdUp = message.holdUp;
    this.#settle();
    this.#events.onNews();
  }

  #settle(): void {
    while ((this.#sent[0]?.endsAtBytes ?? Infinity) <= this.ackedBytes) {
      this.wholeBytes = this.#sent.shift()?.endsAtBytes ?? 0;
    }
  }

  #lose(code: ErrorCode): void {
    if (this.isLost) return;
    this.close();
    this.#events.onLost(code);
  }
}
