import type { ErrorCode } from '../../shared/errors.ts';
import { HASH_BYTES } from '../../shared/protocol/binary-messages.ts';
import { FRAME_TYPES, FrameReader, encodeFrame } from '../../shared/protocol/frame.ts';
import { equalBytes, toHex } from '../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES, SEND_WINDOW_BYTES } from '../../shared/protocol/limits.ts';
import { pagesOf } from '../../shared/protocol/manifest.ts';
import { decodeMessage, encodeMessage } from '../../shared/protocol/messages.ts';
import type { Message, MessageOf } from '../../shared/protocol/messages.ts';
import type { Pause } from '../../shared/protocol/pause.ts';
import { isPaused } from '../../shared/protocol/pause.ts';
import { createSender, stepSender } from '../../shared/protocol/sender.ts';
import type { Held, SenderInput, SenderState } from '../../shared/protocol/sender.ts';
import type { Greeting, Outcome } from '../../shared/protocol/session.ts';
import type { MemoryEntry } from './memory-tree.ts';
import { blockHashes, contentHash, entriesOfTree, offerOf, sha256 } from './memory-tree.ts';
import type { End } from './wire-end.ts';
import { transferHash } from './transfer-hash.ts';

export interface SenderOptions {
  readonly tree: readonly MemoryEntry[];
  readonly greeting?: Greeting;
  /** Payload in one data frame. */
  readonly dataFrameBytes?: number;
  /** Files that turn out to be unreadable when their turn comes. */
  readonly unreadable?: ReadonlySet<number>;
}

const GREETING: Greeting = { name: 'sender', platform: 'linux', hashes: ['sha256'] };

/** The sender's machine with a source in memory. */
export class WireSender implements End {
  readonly side = 'sender';
  readonly states: SenderState[];
  readonly inputs: SenderInput[] = [];
  outcome: Outcome | null = null;
  done: MessageOf<'done'> | null = null;
  readonly pauses: Pause[] = [];
  /** Payload put on the wire, by file index. */
  readonly sentBytes = new Map<number, number>();
  readonly #options: SenderOptions;
  readonly #out: Uint8Array[] = [];
  readonly #reader: FrameReader;
  #stream: Iterator<SenderInput | null> | null = null;
  #inFlight = 0;
  #sent = 0;

  constructor(options: SenderOptions) {
    const entries = entriesOfTree(options.tree);
    this.#options = options;
    this.states = [createSender(options.greeting ?? GREETING, offerOf(entries), entries)];
    this.#reader = new FrameReader({
      onFrame: (type, payload) => {
        const message = decodeMessage(type, payload);
        this.input(
          message ? { kind: 'message', message } : { kind: 'fault', code: 'PROTOCOL_VIOLATION' },
        );
      },
      onData: () => {
        this.input({ kind: 'fault', code: 'PROTOCOL_VIOLATION' });
      },
    });
  }

  get state(): SenderState {
    return this.states.at(-1) ?? fail();
  }

  take(bytes: Uint8Array): void {
    if (!this.#reader.push(bytes)) this.input({ kind: 'fault', code: 'PROTOCOL_VIOLATION' });
  }

  close(code: ErrorCode): void {
    this.input({ kind: 'closed', code });
  }

  say(kind: 'cancel' | 'pause' | 'resume'): void {
    this.input({ kind });
  }

  /** The frames that are ready; streams on only as far as the window allows. */
  *frames(): Generator<Uint8Array> {
    for (;;) {
      const next = this.#out.shift();
      if (next) yield next;
      else if (!this.#advance()) return;
    }
  }

  input(input: SenderInput): void {
    this.inputs.push(input);
    const { state, effects } = stepSender(this.state, input);
    this.states.push(state);
    if ('ackedBytes' in state) this.#inFlight = this.#sent - state.ackedBytes;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.#send(effect.message);
          break;
        case 'sendEntries':
          if (!('entries' in state)) break;
          for (const page of pagesOf(state.entries)) {
            this.#send({ type: 'entries', entries: [...page] });
          }
          this.input({ kind: 'entriesSent' });
          break;
        case 'stream':
          this.#stream = this.#streamOf(effect.held);
          break;
        case 'pauseChanged':
          this.pauses.push(effect);
          break;
        case 'makeThumbnails':
          break; // it offers none
        case 'delivered':
          this.done = effect.done;
          break;
        case 'end':
          this.outcome = effect.outcome;
          this.#stream = null;
          this.#reader.stop();
          break;
      }
    }
  }

  #advance(): boolean {
    if (this.#stream === null || this.#inFlight >= SEND_WINDOW_BYTES) return false;
    if ('pause' in this.state && isPaused(this.state.pause)) return false;
    const next = this.#stream.next();
    if (next.done) {
      this.#stream = null;
      return false;
    }
    if (next.value) this.input(next.value);
    return true;
  }

  #send(message: Message): void {
    this.#out.push(encodeMessage(message));
  }

  *#streamOf(held: Held): Generator<SenderInput | null> {
    let failedFiles = 0;
    const hashed: { path: readonly string[]; hash: Uint8Array }[] = [];
    for (const [index, { path, content }] of this.#options.tree.entries()) {
      if (content === null) continue;
      const hash = contentHash(content);
      if (held.skipped.has(index)) continue;
      const published = held.published.get(index);
      if (published && equalBytes(published, hash)) hashed.push({ path, hash });
      else if (this.#options.unreadable?.has(index)) {
        failedFiles += 1;
        this.#send({ type: 'fileFailed', index, code: 'SOURCE_UNREADABLE' });
        yield null;
      } else {
        for (const [from, to] of missing(content, held.have.get(index))) {
          yield* this.#range(index, content, from, to);
        }
        this.#send({ type: 'fileEnd', index, hash });
        hashed.push({ path, hash });
        yield null;
      }
    }
    const hash = toHex(transferHash(hashed, sha256));
    yield { kind: 'allSent', hash, failedFiles };
  }

  *#range(index: number, content: Uint8Array, from: number, to: number): Generator<SenderInput> {
    this.#send({ type: 'file', index, offset: from, bytes: to - from });
    const step = this.#options.dataFrameBytes ?? 4096;
    for (let at = from; at < to;) {
      const most = Math.min(step, SEND_WINDOW_BYTES - this.#inFlight);
      const part = content.subarray(at, Math.min(at + most, to));
      at += part.length;
      this.#sent += part.length;
      this.sentBytes.set(index, (this.sentBytes.get(index) ?? 0) + part.length);
      this.#out.push(encodeFrame(FRAME_TYPES.data, part));
      yield { kind: 'dataSent', bytes: part.length };
    }
  }
}

/** The ranges of whole blocks that the receiver does not have, neighbours joined. */
function missing(content: Uint8Array, have: Uint8Array | undefined): [number, number][] {
  const ours = blockHashes(content);
  const ranges: [number, number][] = [];
  for (let at = 0; at < content.length; at += BLOCK_BYTES) {
    const slot = (at / BLOCK_BYTES) * HASH_BYTES;
    const theirs = have?.subarray(slot, slot + HASH_BYTES) ?? new Uint8Array(0);
    if (equalBytes(theirs, ours.subarray(slot, slot + HASH_BYTES))) continue;
    const end = Math.min(at + BLOCK_BYTES, content.length);
    const last = ranges.at(-1);
    if (last?.[1] === at) last[1] = end;
    else ranges.push([at, end]);
  }
  return ranges;
}

function fail(): never {
  throw new Error('a machine always has a state');
}
