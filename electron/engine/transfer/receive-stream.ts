import type { ErrorCode } from '../../../shared/errors.ts';
import type { HoldUp } from '../../../shared/model/limit.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import { Acknowledger } from './acknowledger.ts';
import type { Connection } from './connection.ts';
import type { Delivery } from './destination.ts';
import { EffortMeter } from './effort-meter.ts';
import type { Clock } from './ports.ts';
import type { ReceiveLaneOptions } from './receive-lane.ts';
import type { DialLane } from './receive-lanes.ts';
import { ReceiveLanes } from './receive-lanes.ts';
import type { Bringer } from './spread-blocks.ts';
import { SpreadBlocks } from './spread-blocks.ts';

export interface ReceiveStreamOptions extends Pick<
  ReceiveLaneOptions,
  'sessionNow' | 'onViolation' | 'onError'
> {
  readonly clock: Clock;
  readonly connection: Pick<Connection, 'pause' | 'resume' | 'flushData'>;
  /** null: no lanes. */
  readonly dialLane: DialLane | null;
  readonly say: (bytes: number, holdUp: HoldUp) => void;
}

interface Range {
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
}

/** What comes in one session, and by its lanes, on its way to the disk. */
export class ReceiveStream implements Bringer {
  readonly isSession = true;
  readonly meter: EffortMeter;
  readonly #options: ReceiveStreamOptions;
  readonly #acks: Acknowledger;
  #delivery: Delivery | null = null;
  #blocks: SpreadBlocks | null = null;
  #lanes: ReceiveLanes | null = null;
  /** Payload that came by the session itself and is written. */
  #ownBytes = 0;
  /** What the delivery held when this session began, as far as it is not known to be stale. */
  keptBytes = 0;
  /** Payload that came in this session, by lanes too. */
  receivedBytes = 0;

  constructor(options: ReceiveStreamOptions) {
    const { clock, connection, say } = options;
    this.#options = options;
    this.meter = new EffortMeter(clock);
    this.#acks = new Acknowledger({
      clock,
      writtenBytes: () => this.#ownBytes,
      takeHeld: () => connection.flushData(),
      meter: this.meter,
      say,
    });
  }

  get delivery(): Delivery | null {
    return this.#delivery;
  }

  begin(delivery: Delivery, keptBytes: number): void {
    this.#delivery = delivery;
    this.keptBytes = keptBytes;
    this.meter.restart();
    delivery.parts.meter = this.meter;
    const { dialLane: dial } = this.#options;
    if (!dial) return;
    const { parts, options } = delivery;
    const blocks = new SpreadBlocks(parts, options.hash, {
      onBytes: (bytes) => (this.receivedBytes += bytes),
      onStale: (bytes) => (this.keptBytes -= bytes),
      isRefused: (index, error) => delivery.refuses(index, error),
    });
    this.#blocks = blocks;
    this.#lanes = new ReceiveLanes({ ...this.#options, meter: this.meter, blocks, dial });
  }

  /** Each of these throws what the disk does. */
  openRange(range: Range): void {
    const { index, offset, bytes } = range;
    if (this.#blocks?.isOpen) {
      this.#blocks.begin(this, offset, bytes);
      return;
    }
    this.#delivery?.openRange(index, offset);
    this.#countStale(range);
  }

  /** The blocks of this file come in any order from now on. */
  spread(index: number): void {
    this.#delivery?.openRange(index, 0);
    if (this.#delivery?.takes(index) === true) this.#blocks?.open(index);
    this.#lanes?.sessionMoved();
  }

  write(part: Uint8Array): void {
    this.#acks.around(() => {
      if (this.#blocks?.isOpen) this.#blocks.write(this, part);
      else {
        this.#delivery?.write(part);
        this.receivedBytes += part.length;
      }
      this.#ownBytes += part.length;
    });
  }

  endFile(index: number, hash: Uint8Array): void {
    this.#blocks?.close();
    this.#delivery?.endFile(index, hash);
    this.#holdIfBusy();
    this.#lanes?.sessionMoved();
  }

  dropFile(index: number, code: ErrorCode): void {
    this.#blocks?.close();
    this.#delivery?.dropFile(index, code);
    this.#lanes?.sessionMoved();
  }

  laneOffered(port: number, token: string): void {
    this.#lanes?.offered(port, token);
  }

  sayNow(): void {
    this.#acks.sayNow();
  }

  /** All has come. */
  finishing(): void {
    this.#acks.sayNow();
    this.#lanes?.stop();
  }

  /** Nothing more comes. */
  stop(): void {
    this.#acks.stop();
    this.#lanes?.stop();
  }

  onOvertaken(): void {
    // never: no lane takes a block from the session
  }

  /** What was claimed and comes all the same is not what the sender has: a hole, where blocks had come by lanes. */
  #countStale({ index, offset, bytes }: Range): void {
    const delivery = this.#delivery;
    if (this.keptBytes === 0 || delivery?.takes(index) !== true) return;
    const hashes = delivery.parts.hashesOf(index);
    const end = offset + bytes;
    for (let at = offset; at < end; at += BLOCK_BYTES) {
      if (hashes.has(at / BLOCK_BYTES)) this.keptBytes -= Math.min(BLOCK_BYTES, end - at);
    }
  }

  /** Many small files wait for the disk: the wire waits with them. */
  #holdIfBusy(): void {
    const delivery = this.#delivery;
    if (!delivery?.busy) return;
    const { connection } = this.#options;
    connection.pause();
    this.meter.hold(true);
    delivery.onCalm(() => {
      this.meter.hold(false);
      connection.resume();
    });
  }
}
