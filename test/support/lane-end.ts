import type { Connection, ConnectionHandlers } from '../../electron/engine/transfer/connection.ts';
import { FrameReader } from '../../shared/protocol/frame.ts';
import type { LaneMessage } from '../../shared/protocol/lane-messages.ts';
import { decodeLane, encodeLane } from '../../shared/protocol/lane-messages.ts';

/** One end of a lane. What it writes waits until it is delivered. */
export class LaneEnd {
  readonly #queue: { bytes: Uint8Array; done: (() => void) | undefined }[] = [];
  readonly #reader: FrameReader;
  handlers: ConnectionHandlers<LaneMessage> | null = null;
  peer: LaneEnd | null = null;
  pendingBytes = 0;
  isPaused = false;
  isClosed = false;
  /** Where it is closed what waits is lost; false: it is with the other end's system already. */
  takesBack = false;

  constructor() {
    this.#reader = new FrameReader({
      onFrame: (type, payload) => {
        const message = decodeLane(type, payload);
        if (message) this.handlers?.onMessage(message);
        else this.lose('PROTOCOL_VIOLATION');
      },
      onData: (part) => this.handlers?.onData(part),
    });
  }

  static pair(): [LaneEnd, LaneEnd] {
    const ends: [LaneEnd, LaneEnd] = [new LaneEnd(), new LaneEnd()];
    [ends[0].peer, ends[1].peer] = [ends[1], ends[0]];
    ends[0].takesBack = true;
    return ends;
  }

  get connection(): Connection<LaneMessage> {
    return this as unknown as Connection<LaneMessage>;
  }

  open(handlers: ConnectionHandlers<LaneMessage>): void {
    this.handlers = handlers;
  }

  send(message: LaneMessage): void {
    this.write(encodeLane(message));
  }

  write(frames: Uint8Array, done?: () => void): void {
    if (this.isClosed) return;
    this.#queue.push({ bytes: frames.slice(), done });
    this.pendingBytes += frames.length;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  flushData(): void {
    if (!this.isClosed) this.#reader.flushData();
  }

  destroy(): void {
    this.isClosed = true;
    this.#reader.stop();
    if (this.takesBack) this.#queue.length = 0;
  }

  lose(code: 'PEER_GONE' | 'PROTOCOL_VIOLATION' = 'PEER_GONE'): void {
    if (this.isClosed) return;
    this.destroy();
    this.handlers?.onClosed(code);
  }

  /** It is closed at once; what it has said comes all the same, whenever that is. */
  giveUp(): void {
    this.takesBack = false;
    this.lose();
  }

  /** The other end takes so much of what waits here. Answers how much it was. */
  deliver(most: number): number {
    const { peer } = this;
    let delivered = 0;
    while (peer && !peer.isClosed && !peer.isPaused && delivered < most) {
      const [first] = this.#queue;
      if (!first) break;
      const count = Math.min(first.bytes.length, most - delivered);
      const part = first.bytes.subarray(0, count);
      first.bytes = first.bytes.subarray(count);
      if (first.bytes.length === 0) this.#queue.shift();
      this.pendingBytes -= count;
      delivered += count;
      if (first.bytes.length === 0) first.done?.();
      peer.push(part);
    }
    // who has closed is heard when all that it had said is there
    if (this.isClosed && this.#queue.length === 0) peer?.lose();
    return delivered;
  }

  push(part: Uint8Array): void {
    if (!this.#reader.push(part) && !this.isClosed) this.lose('PROTOCOL_VIOLATION');
  }
}
