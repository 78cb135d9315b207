import type { ErrorCode } from '../../shared/errors.ts';
import type { Side, Tamper } from './wire-end.ts';
import type { ReceiverOptions } from './wire-receiver.ts';
import { WireReceiver } from './wire-receiver.ts';
import type { SenderOptions } from './wire-sender.ts';
import { WireSender } from './wire-sender.ts';

/** Two ends in memory: real machines, real bytes, and a wire that splits, glues and breaks at will. */

export interface Said {
  readonly side: Side;
  readonly step: number;
  readonly kind: 'cancel' | 'pause' | 'resume';
}

export interface WireOptions {
  readonly sender: SenderOptions;
  readonly receiver?: ReceiverOptions;
  /** How many of the bytes under way arrive next, 1 to all. Where it is not given: all. */
  readonly chunk?: (available: number) => number;
  readonly tamper?: Tamper;
  /** The wire goes after so many bytes, both ways counted. */
  readonly cutAfterBytes?: number;
  /** What the persons do before some steps of the wire. */
  readonly says?: readonly Said[];
}

export interface WireResult {
  readonly sender: WireSender;
  readonly receiver: WireReceiver;
  /** Neither side had anything more to say, and not both had ended. */
  readonly stalled: boolean;
  readonly steps: number;
  readonly wireBytes: number;
}

/** Frames of one direction, joined to a stream of bytes. */
class Pipe {
  readonly #queue: Uint8Array[] = [];
  bytes = 0;

  push(frame: Uint8Array): void {
    if (frame.length === 0) return;
    this.#queue.push(frame);
    this.bytes += frame.length;
  }

  shift(count: number): Uint8Array {
    const first = this.#queue[0];
    if (first?.length === count) this.#queue.shift();
    else if (first && first.length > count) this.#queue[0] = first.subarray(count);
    else return this.#join(count);
    this.bytes -= count;
    return first.subarray(0, count);
  }

  #join(count: number): Uint8Array {
    const joined = new Uint8Array(count);
    for (let at = 0; at < count;) {
      const part = this.shift(Math.min(count - at, this.#queue[0]?.length ?? 0));
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }
}

/** Runs a session until both ends have ended. */
export function runSession(options: WireOptions): WireResult {
  const sender = new WireSender(options.sender);
  const receiver = new WireReceiver(options.receiver);
  const ways = [
    { from: receiver, to: sender, pipe: new Pipe() },
    { from: sender, to: receiver, pipe: new Pipe() },
  ];
  const chunk = options.chunk ?? ((available: number) => available);
  const says = options.says ?? [];
  let wireBytes = 0;
  let steps = 0;
  let stalled = false;
  const closeBoth = (code: ErrorCode): void => {
    for (const end of [sender, receiver]) if (end.outcome === null) end.close(code);
  };
  while (sender.outcome === null || receiver.outcome === null) {
    for (const { side, kind } of says.filter(({ step }) => step === steps)) {
      const end = side === 'sender' ? sender : receiver;
      if (end.outcome === null) end.say(kind);
    }
    steps++;
    let moved = sender.outcome !== null && receiver.outcome !== null;
    for (const { from, to, pipe } of ways) {
      for (const frame of from.frames()) {
        for (const kept of options.tamper?.(frame, from.side) ?? [frame]) pipe.push(kept);
      }
      if (to.outcome !== null) continue;
      if (pipe.bytes > 0) {
        const left = (options.cutAfterBytes ?? Infinity) - wireBytes;
        const count = Math.min(pipe.bytes, left, Math.max(1, Math.floor(chunk(pipe.bytes))));
        if (count <= 0) {
          closeBoth('PEER_GONE');
          return { sender, receiver, stalled, steps, wireBytes };
        }
        wireBytes += count;
        to.take(pipe.shift(count));
        moved = true;
      } else if (from.outcome !== null) {
        to.close('PEER_GONE');
        moved = true;
      }
    }
    if (!moved && !says.some(({ step }) => step >= steps)) {
      stalled = true;
      closeBoth('PEER_TIMEOUT');
    }
  }
  return { sender, receiver, stalled, steps, wireBytes };
}
