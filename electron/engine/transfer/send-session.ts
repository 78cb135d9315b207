import { setImmediate as nextTurn } from 'node:timers/promises';
import { DroplineError, failure, toFailure } from '../../../shared/errors.ts';
import { limitOf } from '../../../shared/model/limit.ts';
import type { LimitedBy } from '../../../shared/model/limit.ts';
import { NOTHING_UNWANTED } from '../../../shared/model/unwanted.ts';
import { FIRST_FRAME_TIMEOUT_MS } from '../../../shared/protocol/limits.ts';
import { unwantedOf } from '../../../shared/protocol/held-claims.ts';
import { pagesOf } from '../../../shared/protocol/manifest.ts';
import type { Message, MessageOf } from '../../../shared/protocol/messages.ts';
import type { Pause } from '../../../shared/protocol/pause.ts';
import { NOT_PAUSED, isPaused } from '../../../shared/protocol/pause.ts';
import type { SenderEffect, SenderInput, SenderState } from '../../../shared/protocol/sender.ts';
import { createSender, stepSender } from '../../../shared/protocol/sender.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import { FrameWriter } from './frame-writer.ts';
import { SendLanes } from './send-lanes.ts';
import type { SendResult, SendSessionOptions } from './send-session-options.ts';
import { SendStream } from './send-stream.ts';
import { SendThumbnails } from './send-thumbnails.ts';

export type { SendResult, SendSessionHandlers } from './send-session-options.ts';

type EffectOf<K extends SenderEffect['kind']> = Extract<SenderEffect, { readonly kind: K }>;

const OVERTAKING: ReadonlySet<Message['type']> = new Set(['cancel', 'error', 'pause', 'resume']);

/** Drives the sender's steps over one connection. `result` never rejects. */
export class SendSession {
  readonly result: Promise<SendResult>;
  readonly #options: SendSessionOptions;
  readonly #writer: FrameWriter;
  readonly #settle: (result: SendResult) => void;
  readonly #stopGreetingTimer: () => void;
  #state: SenderState;
  #stream: SendStream | null = null;
  #lanes: SendLanes | null = null;
  #thumbnails: SendThumbnails | null = null;
  #done: MessageOf<'done'> | null = null;
  #fault: Outcome | null = null;
  /** Of all that was sent or is there; null: not yet. */
  #hashHex: string | null = null;
  #unwanted = NOTHING_UNWANTED;
  #hasStarted = false;
  #isFinishing = false;

  constructor(options: SendSessionOptions) {
    this.#options = options;
    this.#writer = new FrameWriter(options.connection);
    const thumbnails = options.pictures?.indexes.length ?? 0;
    const greeting = thumbnails > 0 ? { ...options.greeting, thumbnails } : options.greeting;
    this.#state = createSender(greeting, options.offer, options.source.entries);
    let settle: (result: SendResult) => void = () => undefined;
    this.result = new Promise((resolve) => {
      settle = resolve;
    });
    this.#settle = settle;
    // the dialled side speaks first; one that says nothing has turned our certificate away, or is not ours
    this.#stopGreetingTimer = options.clock.after(FIRST_FRAME_TIMEOUT_MS, () => {
      this.#step({ kind: 'closed', code: 'PEER_TIMEOUT' });
    });
    options.connection.open({
      onMessage: (message) => this.#step({ kind: 'message', message }),
      onData: () => this.#step({ kind: 'fault', code: 'PROTOCOL_VIOLATION' }),
      onClosed: (code) => this.#step({ kind: 'closed', code }),
    });
  }

  /** Payload put on the wire in this connection. */
  get sentBytes(): number {
    return this.#stream?.sentBytes ?? 0;
  }

  /** Payload that the receiver has, from this connection and those before. */
  get deliveredBytes(): number {
    const byLanes = this.#lanes?.ackedBytes ?? 0;
    return (this.#stream?.keptBytes ?? 0) + this.ackedBytes + byLanes;
  }

  /** Payload that the receiver has acknowledged in this connection. */
  get ackedBytes(): number {
    return 'ackedBytes' in this.#state ? this.#state.ackedBytes : 0;
  }

  /** Payload that this connection itself has on its way. */
  get #unackedBytes(): number {
    return 'sentBytes' in this.#state ? this.#state.sentBytes - this.#state.ackedBytes : 0;
  }

  get files(): number {
    return this.#stream?.endedFiles ?? 0;
  }

  get limitedBy(): LimitedBy | null {
    const own = 'holdUp' in this.#state ? this.#state.holdUp : null;
    const holdUp = this.#lanes ? this.#lanes.holdUpOr(own) : own;
    if (this.#stream?.isPaced === true) return 'ourSetting';
    return this.#stream && limitOf(this.#stream.meter.effort, holdUp);
  }

  /** What the receiver has is known, and content may flow. */
  get started(): boolean {
    return this.#hasStarted;
  }

  /** There is nothing left that could stand still. */
  get allSent(): boolean {
    return this.#state.phase === 'verifying';
  }

  get pausing(): Pause {
    return this.#state.phase === 'streaming' ? this.#state.pause : NOT_PAUSED;
  }

  pause(): void {
    this.#step({ kind: 'pause' });
  }

  resume(): void {
    this.#step({ kind: 'resume' });
  }

  cancel(): void {
    this.#step({ kind: 'cancel' });
  }

  /** This side stops; what the receiver has stays there. */
  interrupt(): void {
    this.#step({ kind: 'fault', code: 'INTERRUPTED' });
  }

  /** The peer is looked for elsewhere: this wire is dead whatever it looks like. */
  abandon(): void {
    this.#step({ kind: 'closed', code: 'PEER_GONE' });
  }

  #step(input: SenderInput): void {
    const step = stepSender(this.#state, input);
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
    this.#stream?.setAcked(this.ackedBytes);
    this.#tellFinishing();
  }

  /** Sent is not received: on a slow wire the last bytes of the window are a long way. */
  #tellFinishing(): void {
    const state = this.#state;
    if (this.#isFinishing || state.phase !== 'verifying') return;
    if (state.ackedBytes < state.sentBytes) return;
    this.#isFinishing = true;
    this.#options.onFinishing();
  }

  #perform(effect: SenderEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#send(effect.message);
        break;
      case 'sendEntries':
        this.#stopGreetingTimer();
        this.#options.onWaiting(this.#state.peerName);
        void this.#sendEntries();
        break;
      case 'makeThumbnails':
        this.#showPictures();
        break;
      case 'stream':
        this.#thumbnails?.stop();
        void this.#streamAll(effect);
        if (this.#options.isPausedByUs()) this.pause();
        break;
      case 'pauseChanged':
        this.#stream?.standStill(isPaused(effect));
        this.#options.onPause(effect);
        break;
      case 'delivered':
        this.#done = effect.done;
        break;
      case 'end':
        this.#end(effect.outcome);
        break;
    }
  }

  /** What stops the stream overtakes what is gathered: a page may be filling that buffer right now. */
  #send(message: Message): void {
    if (OVERTAKING.has(message.type)) {
      this.#options.connection.send(message);
      return;
    }
    this.#writer.message(message);
    this.#writer.flush();
  }

  async #sendEntries(): Promise<void> {
    for (const page of pagesOf(this.#options.source.entries)) {
      await nextTurn(); // each takes its time to be put into words
      if (this.#writer.full) await new Promise<void>((resolve) => this.#writer.onRoom(resolve));
      if (this.#state.phase === 'ended') return;
      this.#writer.message({ type: 'entries', entries: [...page] });
    }
    // in the same turn as the last page: the answer to it may come before there is room again
    this.#step({ kind: 'entriesSent' });
    this.#writer.flush();
  }

  #showPictures(): void {
    const { pictures, clock } = this.#options;
    if (!pictures) return;
    const say = (index: number, jpeg: Uint8Array): Promise<void> => {
      // whoever answers on a slow wire does not wait for many of them
      const taken = new Promise<void>((resolve) => this.#writer.onRoom(resolve));
      this.#step({ kind: 'thumbnail', index, jpeg });
      return taken;
    };
    this.#thumbnails = new SendThumbnails({ ...pictures, clock, say });
    void this.#thumbnails.run();
  }

  async #streamAll({ hash, held, lanes: most }: EffectOf<'stream'>): Promise<void> {
    const { source, hashes, states, onStarted, pacer } = this.#options;
    const lanes = (this.#lanes = this.#openLanes(most));
    const stream = new SendStream({
      clock: this.#options.clock,
      pacer,
      writer: this.#writer,
      source,
      algorithm: hash,
      held,
      hashes,
      states,
      lanes,
      onSent: (bytes) => {
        this.#step({ kind: 'dataSent', bytes });
      },
    });
    this.#stream = stream;
    this.#unwanted = unwantedOf(source.entries, held);
    try {
      await stream.prove();
      this.#hasStarted = true;
      onStarted(stream.keptBytes, this.#unwanted);
      await stream.run();
      if (stream.stopped) return;
      void lanes?.stop();
      const failedFiles = stream.problems.length;
      this.#hashHex = await stream.transferHashHex();
      this.#step({ kind: 'allSent', hash: this.#hashHex, failedFiles });
    } catch (error) {
      this.#fail(error);
    }
  }

  #openLanes(most: number): SendLanes | null {
    const { connection, clock, openLanePort } = this.#options;
    if (most === 0 || !openLanePort) return null;
    return new SendLanes({
      clock,
      most,
      openPort: openLanePort,
      offer: (port, token) => connection.send({ type: 'lane', port, token }),
      ownUnackedBytes: () => this.#unackedBytes,
      limitedBy: () => this.limitedBy,
      onNews: () => this.#stream?.news(),
      onViolation: () => this.#fail(new DroplineError('PROTOCOL_VIOLATION')),
    });
  }

  #fail(error: unknown): void {
    const { code, details } = toFailure(error);
    this.#fault = { kind: 'failed', failure: failure(code, details) };
    this.#step({ kind: 'fault', code });
  }

  #end(outcome: Outcome): void {
    this.#stopGreetingTimer();
    this.#thumbnails?.stop();
    this.#stream?.stop();
    void this.#lanes?.stop();
    this.#options.connection.close();
    const stream = this.#stream;
    const hex = this.#done && this.#hashHex;
    this.#settle({
      outcome: this.#fault ?? outcome,
      done: this.#done,
      problems: stream?.problems ?? [],
      hash: stream && hex !== null ? { algorithm: stream.algorithm, hex } : null,
      unwanted: this.#unwanted,
    });
  }
}
