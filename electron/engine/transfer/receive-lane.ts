import type { LaneMessage } from '../../../shared/protocol/lane-messages.ts';
import type { LaneCursor } from '../../../shared/protocol/lane-order.ts';
import { LANE_START, takeLaneData, takeLaneFile } from '../../../shared/protocol/lane-order.ts';
import { MAX_FRAME_BYTES } from '../../../shared/protocol/limits.ts';
import type { MessageOf } from '../../../shared/protocol/messages.ts';
import { Acknowledger } from './acknowledger.ts';
import type { Connection } from './connection.ts';
import type { EffortMeter } from './effort-meter.ts';
import type { Clock } from './ports.ts';
import type { Bringer, SpreadBlocks } from './spread-blocks.ts';

export interface ReceiveLaneOptions {
  readonly clock: Clock;
  readonly meter: Pick<EffortMeter, 'effort'>;
  readonly blocks: SpreadBlocks;
  /** How far the session is: what a lane may bring now. */
  readonly sessionNow: () => Parameters<typeof takeLaneFile>[1] | null;
  readonly onLost: () => void;
  /** Something came that no lane may bring. */
  readonly onViolation: () => void;
  /** The disk said so. */
  readonly onError: (error: unknown) => void;
}

/** What came before the session has come to its file, in order. */
type Early = MessageOf<'file'> | Uint8Array;

/** What the socket still gives after it was paused is little; a frame at most is gathered beside it. */
const MAX_EARLY_BYTES = 2 * MAX_FRAME_BYTES;

/** One lane as its receiver sees it: blocks come, and are acknowledged (PROTOCOL.md §14). */
export class ReceiveLane implements Bringer {
  readonly isSession = false;
  readonly #connection: Connection<LaneMessage>;
  readonly #options: ReceiveLaneOptions;
  readonly #acks: Acknowledger;
  #cursor: LaneCursor = LANE_START;
  #early: Early[] = [];
  #earlyBytes = 0;
  /** Payload that came by it and is written. */
  #writtenBytes = 0;
  #isOver = false;

  constructor(connection: Connection<LaneMessage>, token: string, options: ReceiveLaneOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#acks = new Acknowledger({
      clock: options.clock,
      writtenBytes: () => this.#writtenBytes,
      takeHeld: () => connection.flushData(),
      meter: options.meter,
      say: (bytes, holdUp) => connection.send({ type: 'ack', bytes, holdUp }),
    });
    connection.open({
      onMessage: (message) => this.#try(() => this.#take(message)),
      onData: (part) => this.#try(() => this.#takeData(part)),
      onClosed: (code) => {
        if (code === 'PROTOCOL_VIOLATION') this.#violated();
        else this.#lost();
      },
    });
    connection.send({ type: 'join', token });
  }

  /** The session has come to another file. */
  sessionMoved(): void {
    const early = this.#early;
    if (early.length === 0) return;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#try(() => {
      for (const one of early) {
        if (one instanceof Uint8Array) this.#takeData(one);
        else this.#takeFile(one);
      }
    });
    if (this.#early.length === 0) this.#connection.resume();
  }

  onOvertaken(): void {
    this.#lost();
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#acks.stop();
    this.#options.blocks.leave(this);
    this.#connection.destroy();
  }

  /** Throws what the disk does. */
  #take(message: LaneMessage): void {
    if (message.type === 'ping') return;
    if (message.type === 'error') this.#lost();
    else if (message.type === 'file') this.#takeFile(message);
    else this.#violated();
  }

  #takeFile(block: MessageOf<'file'>): void {
    if (this.#isEarly(block)) return;
    const now = this.#options.sessionNow();
    const cursor = now && takeLaneFile(block, now);
    if (cursor === 'later') {
      this.#connection.pause();
      this.#keep(block);
    } else if (cursor === 'over') this.#lost();
    else if (cursor === null) this.#violated();
    else {
      this.#cursor = cursor;
      this.#options.blocks.begin(this, block.offset, block.bytes);
    }
  }

  #takeData(part: Uint8Array): void {
    if (this.#isEarly(part)) return;
    const cursor = takeLaneData(this.#cursor, part.length);
    if (cursor === null) {
      this.#violated();
      return;
    }
    this.#cursor = cursor;
    this.#acks.around(() => {
      this.#options.blocks.write(this, part);
      this.#writtenBytes += part.length;
    });
    if (cursor.left === null) this.#acks.sayNow();
  }

  /** Behind something that has to wait it waits as well. */
  #isEarly(one: Early): boolean {
    if (this.#early.length === 0) return false;
    this.#keep(one instanceof Uint8Array ? one.slice() : one);
    return true;
  }

  #keep(one: Early): void {
    this.#early.push(one);
    this.#earlyBytes += one instanceof Uint8Array ? one.length : 0;
    if (this.#earlyBytes > MAX_EARLY_BYTES) this.#violated();
  }

  #try(run: () => void): void {
    if (this.#isOver) return;
    try {
      run();
    } catch (error) {
      this.stop();
      this.#options.onError(error);
    }
  }

  #violated(): void {
    if (this.#isOver) return;
    this.stop();
    this.#options.onViolation();
  }

  #lost(): void {
    if (this.#isOver) return;
    this.stop();
    this.#options.onLost();
  }
}
