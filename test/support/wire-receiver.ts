import type { ErrorCode } from '../../shared/errors.ts';
import { FrameReader } from '../../shared/protocol/frame.ts';
import { equalBytes, toHex } from '../../shared/protocol/hash-tree.ts';
import { decodeMessage, encodeMessage } from '../../shared/protocol/messages.ts';
import type { Entries, Message, MessageOf } from '../../shared/protocol/messages.ts';
import type { Pause } from '../../shared/protocol/pause.ts';
import { createReceiver, stepReceiver } from '../../shared/protocol/receiver.ts';
import type {
  FileProblem,
  ReceiverEffect,
  ReceiverInput,
  ReceiverState,
} from '../../shared/protocol/receiver.ts';
import type { Greeting, Outcome } from '../../shared/protocol/session.ts';
import { planNames } from '../../shared/protocol/wire-path.ts';
import { contentHash, sha256 } from './memory-tree.ts';
import type { End } from './wire-end.ts';
import { transferHash } from './transfer-hash.ts';

type Ask = Extract<ReceiverEffect, { kind: 'ask' }>;

export interface ReceiverOptions {
  readonly greeting?: Greeting;
  /** Null accepts; a code declines. Where it is not given, everything is accepted. */
  readonly judge?: (ask: Ask) => ErrorCode | null;
  /** What is here from an earlier connection. */
  readonly have?: readonly MessageOf<'have'>[];
  readonly published?: readonly MessageOf<'published'>[];
  readonly skip?: readonly FileProblem[];
  /** Content that `have` speaks of, by file index. */
  readonly parts?: ReadonlyMap<number, Uint8Array>;
}

export interface Write {
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
  /** The phase that the machine was in when it asked for this write. */
  readonly phase: string;
}

const GREETING: Greeting = { name: 'receiver', platform: 'linux', hashes: ['sha256'] };

/** The receiver's machine with a destination in memory: parts become files only when all holds. */
export class WireReceiver implements End {
  readonly side = 'receiver';
  readonly states: ReceiverState[];
  readonly inputs: ReceiverInput[] = [];
  outcome: Outcome | null = null;
  /** By path joined with `/`. */
  readonly files = new Map<string, Uint8Array>();
  readonly directories = new Set<string>();
  readonly writes: Write[] = [];
  readonly problems: FileProblem[] = [];
  readonly pauses: Pause[] = [];
  entries: Entries = [];
  readonly #options: ReceiverOptions;
  readonly #out: Uint8Array[] = [];
  readonly #reader: FrameReader;
  readonly #parts = new Map<number, Uint8Array>();
  /** Hash of every file that the sender ended, kept here or not. */
  readonly #hashes = new Map<number, Uint8Array>();
  readonly #kept = new Set<number>();
  /** Whole from before, and not sent anew. */
  readonly #published = new Set<number>();
  #at = { index: -1, offset: 0 };
  #incoming: Uint8Array | null = null;
  #written = 0;
  #acked = 0;

  constructor(options: ReceiverOptions = {}) {
    this.#options = options;
    for (const [index, part] of options.parts ?? []) this.#parts.set(index, part.slice());
    const first = createReceiver(options.greeting ?? GREETING);
    this.states = [first.state];
    this.#perform(first.effects);
    this.#reader = new FrameReader({
      onFrame: (type, payload) => {
        const message = decodeMessage(type, payload);
        this.input(
          message ? { kind: 'message', message } : { kind: 'fault', code: 'PROTOCOL_VIOLATION' },
        );
      },
      onData: (part) => {
        this.#incoming = part;
        this.input({ kind: 'data', bytes: part.length });
      },
    });
  }

  get state(): ReceiverState {
    const state = this.states.at(-1);
    if (!state) throw new Error('a machine always has a state');
    return state;
  }

  take(bytes: Uint8Array): void {
    if (!this.#reader.push(bytes)) this.input({ kind: 'fault', code: 'PROTOCOL_VIOLATION' });
    if (this.outcome === null && this.#written > this.#acked) {
      this.#acked = this.#written;
      this.#send({ type: 'ack', bytes: this.#written, holdUp: null });
    }
  }

  close(code: ErrorCode): void {
    this.input({ kind: 'closed', code });
  }

  say(kind: 'cancel' | 'pause' | 'resume'): void {
    this.input({ kind });
  }

  *frames(): Generator<Uint8Array> {
    for (let next = this.#out.shift(); next; next = this.#out.shift()) yield next;
  }

  input(input: ReceiverInput): void {
    this.inputs.push(input);
    const { state, effects } = stepReceiver(this.state, input);
    this.states.push(state);
    this.#perform(effects);
  }

  #send(message: Message): void {
    this.#out.push(encodeMessage(message));
  }

  #perform(effects: readonly ReceiverEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send') this.#send(effect.message);
      else if (effect.kind === 'end') {
        this.outcome = effect.outcome;
        this.#reader.stop();
        if (effect.outcome.kind !== 'done') this.files.clear();
      } else if (effect.kind === 'ask') this.#answer(effect);
      else if (effect.kind === 'pauseChanged') this.pauses.push(effect);
      else this.#receive(effect);
    }
  }

  #answer(ask: Ask): void {
    if (!planNames(ask.entries, 'linux').ok) {
      this.input({ kind: 'fault', code: 'NAME_REFUSED' });
      return;
    }
    const code = this.#options.judge?.(ask) ?? null;
    if (code !== null) {
      this.input({ kind: 'decline', code });
      return;
    }
    this.entries = ask.entries;
    const { have = [], published = [], skip = [] } = this.#options;
    for (const { index, hash } of published.flatMap((m) => m.files)) {
      this.#hashes.set(index, hash);
      this.#published.add(index);
    }
    this.problems.push(...skip);
    this.input({ kind: 'accept', have, published, skip });
  }

  #receive(
    effect: Exclude<ReceiverEffect, { kind: 'send' | 'end' | 'ask' | 'pauseChanged' }>,
  ): void {
    switch (effect.kind) {
      case 'openRange':
        this.#at = { index: effect.index, offset: effect.offset };
        break;
      case 'write':
        this.#write(effect.bytes);
        break;
      case 'endFile': {
        this.#hashes.set(effect.index, effect.hash);
        this.#published.delete(effect.index);
        if (equalBytes(contentHash(this.#part(effect.index)), effect.hash)) {
          this.#kept.add(effect.index);
        } else this.problems.push({ index: effect.index, code: 'HASH_MISMATCH' });
        break;
      }
      case 'dropFile':
        this.#hashes.delete(effect.index);
        this.#published.delete(effect.index);
        this.problems.push({ index: effect.index, code: effect.code });
        break;
      case 'finish':
        this.#finish(effect.hash);
        break;
      case 'takenBack':
        break; // its sender only comes to say so
      case 'thumbnail':
        break; // it asks for none
      case 'lane':
      case 'spread':
        break; // it has no lanes, and blocks are ranges like others here
    }
  }

  #part(index: number): Uint8Array {
    let part = this.#parts.get(index);
    const entry = this.entries.at(index);
    if (part?.length !== (entry?.kind === 'file' ? entry.bytes : 0)) {
      const grown = new Uint8Array(entry?.kind === 'file' ? entry.bytes : 0);
      grown.set(part?.subarray(0, grown.length) ?? []);
      part = grown;
      this.#parts.set(index, part);
    }
    return part;
  }

  #write(bytes: number): void {
    const { index, offset } = this.#at;
    this.writes.push({ index, offset, bytes, phase: this.state.phase });
    this.#part(index).set(this.#incoming ?? new Uint8Array(bytes), offset);
    this.#at = { index, offset: offset + bytes };
    this.#written += bytes;
  }

  #finish(hash: string): void {
    const hashed = [...this.#hashes].map(([index, fileHash]) => ({
      path: this.entries.at(index)?.path ?? [],
      hash: fileHash,
    }));
    if (toHex(transferHash(hashed, sha256)) !== hash) {
      this.input({ kind: 'fault', code: 'HASH_MISMATCH' });
      return;
    }
    let bytes = 0;
    for (const { kind, path } of this.entries) {
      if (kind === 'directory') this.directories.add(path.join('/'));
    }
    for (const index of this.#kept) {
      const content = this.#part(index);
      bytes += content.length;
      this.files.set(this.entries.at(index)?.path.join('/') ?? '', content);
    }
    const files = this.#kept.size + this.#published.size;
    this.input({ kind: 'finished', files, bytes, failed: this.problems });
  }
}
