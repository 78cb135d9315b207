import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError, failure, toFailure } from '../../../shared/errors.ts';
import type { PausedBy, TransferId } from '../../../shared/model/transfer.ts';
import {
  ANSWER_TIMEOUT_MS,
  FIRST_FRAME_TIMEOUT_MS,
  LIST_TIMEOUT_MS,
} from '../../../shared/protocol/limits.ts';
import { pausedBy } from '../../../shared/protocol/pause.ts';
import type {
  ReceiverEffect,
  ReceiverInput,
  ReceiverState,
} from '../../../shared/protocol/receiver.ts';
import { createReceiver, stepReceiver } from '../../../shared/protocol/receiver.ts';
import type { Outcome } from '../../../shared/protocol/session.ts';
import type { Connection } from './connection.ts';
import type { Delivery } from './destination.ts';
import type { EffortMeter } from './effort-meter.ts';
import { ReceiveStream } from './receive-stream.ts';
import type { Proof } from './resume-proof.ts';
import type { SessionHost } from './session-host.ts';
import { ShownPictures } from './shown-pictures.ts';

export type { IncomingOffer, SessionHost } from './session-host.ts';

/** Drives the receiver's steps over one connection and puts what they say onto the disk. */
export class ReceiveSession {
  readonly connection: Connection;
  readonly #host: SessionHost;
  readonly #stream: ReceiveStream;
  /** For the sender's first words, then for the person's answer. */
  #stopPatience: () => void;
  #state: ReceiverState;
  #pendingEnd: Outcome | null = null;
  #finishing = false;
  /** Of its offer, while that waits. */
  readonly pictures = new ShownPictures();
  transferId: TransferId | null = null;
  /** Where each entry of its offer is saved is known. */
  isPlanned = false;

  constructor(connection: Connection, host: SessionHost) {
    this.connection = connection;
    this.#host = host;
    const first = createReceiver(host.greeting);
    this.#state = first.state;
    connection.open({
      onMessage: (message) => this.#step({ kind: 'message', message }),
      onData: (part) => this.#step({ kind: 'data', bytes: part.length }, part),
      onClosed: (code) => this.#step({ kind: 'closed', code }),
    });
    this.#stream = new ReceiveStream({
      clock: host.clock,
      connection,
      dialLane: host.dialLane,
      say: (bytes, holdUp) => connection.send({ type: 'ack', bytes, holdUp }),
      sessionNow: () => (this.#state.phase === 'receiving' ? this.#state : null),
      onViolation: () => this.fail(new DroplineError('PROTOCOL_VIOLATION')),
      onError: (error) => this.fail(error),
    });
    this.#stopPatience = host.clock.after(FIRST_FRAME_TIMEOUT_MS, () => {
      if (this.#state.phase === 'listing') this.#waitForList();
      else this.#step({ kind: 'closed', code: 'PEER_TIMEOUT' });
    });
    this.#perform(first.effects, null);
  }

  /** Its offer is not whole yet. */
  get beforeOffer(): boolean {
    return ['greeting', 'greeted', 'listing'].includes(this.#state.phase);
  }

  /** What the list costs until it is whole and planned: after that offers are few. */
  get listBytes(): number {
    const state = this.#state;
    if (state.phase === 'listing') return state.pages?.entries.keptBytes ?? 0;
    return state.phase === 'offered' && !this.isPlanned ? state.entries.keptBytes : 0;
  }

  /** How many pictures its sender would show. */
  get promisedPictures(): number {
    return this.#state.thumbnails.promised;
  }

  /** Its sender was asked to show them. */
  get isShown(): boolean {
    return this.offered && this.#state.thumbnails.asked;
  }

  get offered(): boolean {
    return this.#state.phase === 'offered';
  }

  get receiving(): boolean {
    return this.#state.phase === 'receiving' || this.#state.phase === 'finishing';
  }

  /** It has ended, or its peer is silent for longer than one that lives ever is. */
  get seemsDead(): boolean {
    return this.#state.phase === 'ended' || this.connection.isSilent;
  }

  get delivery(): Delivery | null {
    return this.#stream.delivery;
  }

  get meter(): EffortMeter {
    return this.#stream.meter;
  }

  /** What the delivery held when this session began. */
  get keptBytes(): number {
    return this.#stream.keptBytes;
  }

  /** Payload written in this session. */
  get receivedBytes(): number {
    return this.#stream.receivedBytes;
  }

  get finishing(): boolean {
    return this.#state.phase === 'finishing';
  }

  get paused(): PausedBy | null {
    return this.#state.phase === 'receiving' ? pausedBy(this.#state.pause) : null;
  }

  /** Somebody looks at what is offered. */
  show(onCome: () => void): void {
    this.pictures.onCome = onCome;
    this.#step({ kind: 'askThumbnails' });
  }

  /** A person has said yes: what is here already may take its time to be read. */
  answered(): void {
    this.#stopPatience();
    this.pictures.close();
  }

  accept(delivery: Delivery, proof: Proof): void {
    this.answered();
    this.#stream.begin(delivery, proof.keptBytes);
    const { have, published } = proof;
    this.#step({ kind: 'accept', have, published, skip: delivery.takeSkips() });
  }

  /** The same sender came back on a new wire: this one is dead whatever it looks like. */
  abandon(): void {
    this.#step({ kind: 'closed', code: 'PEER_GONE' });
  }

  /** The same sender has cancelled it, on another wire. */
  cancelledByPeer(): void {
    this.#step({ kind: 'message', message: { type: 'cancel' } });
  }

  decline(code: ErrorCode): void {
    this.#step({ kind: 'decline', code });
  }

  pause(): void {
    this.#step({ kind: 'pause' });
  }

  resume(): void {
    this.#step({ kind: 'resume' });
  }

  /** What has its final name already stays: then the sender hears that it is done. */
  cancel(): void {
    if (this.#mayStop()) this.#step({ kind: 'cancel' });
  }

  /** This side stops as a whole. */
  stop(): void {
    if (this.#mayStop()) this.fail(new DroplineError('INTERRUPTED'));
  }

  #mayStop(): boolean {
    this.delivery?.stopWaiting();
    return !this.#finishing || this.delivery?.giveUp() !== false;
  }

  /** Ends it for a reason on this side, which the sender is told. */
  fail(error: unknown): void {
    const { code, details } = toFailure(error);
    this.#pendingEnd = { kind: 'failed', failure: failure(code, details) };
    this.#step({ kind: 'fault', code });
  }

  #step(input: ReceiverInput, part: Uint8Array | null = null): void {
    const step = stepReceiver(this.#state, input);
    this.#state = step.state;
    try {
      this.#perform(step.effects, part);
    } catch (error) {
      this.fail(error);
    }
    if (this.listBytes > 0) this.#host.onListGrows();
  }

  #perform(effects: readonly ReceiverEffect[], part: Uint8Array | null): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          if (effect.message.type === 'done') this.#stream.sayNow();
          this.connection.send(effect.message);
          break;
        case 'ask':
          this.transferId = effect.offer.transferId;
          this.#waitForAnswer();
          this.#host.onOffer({ ...effect, peerName: this.#state.peerName });
          break;
        case 'thumbnail':
          this.pictures.add(effect.index, effect.jpeg);
          break;
        case 'takenBack':
          this.#host.onTakenBack(effect.transferId);
          break;
        case 'lane':
          this.#stream.laneOffered(effect.port, effect.token);
          break;
        case 'spread':
          this.#stream.spread(effect.index);
          break;
        case 'openRange':
          this.#stream.openRange(effect);
          break;
        case 'write':
          if (part) this.#stream.write(part);
          break;
        case 'endFile':
          this.#stream.endFile(effect.index, effect.hash);
          break;
        case 'dropFile':
          this.#stream.dropFile(effect.index, effect.code);
          break;
        case 'pauseChanged':
          break; // it is the sender that stands still: what is on its way is written
        case 'finish':
          this.#finishing = true;
          this.#stream.finishing();
          this.#host.onFinishing();
          void this.#finish(effect.hash);
          break;
        case 'end':
          this.#end(effect.outcome);
          break;
      }
    }
  }

  #waitForList(): void {
    this.#stopPatience = this.#host.clock.after(LIST_TIMEOUT_MS, () => {
      this.#step({ kind: 'closed', code: 'PEER_TIMEOUT' });
    });
  }

  /** Nobody may be there: the sender is not left to wait for ever. */
  #waitForAnswer(): void {
    this.#stopPatience();
    this.#stopPatience = this.#host.clock.after(ANSWER_TIMEOUT_MS, () => {
      this.decline('DECLINED');
    });
  }

  async #finish(hash: string): Promise<void> {
    const delivery = this.delivery;
    if (!delivery) return;
    try {
      await delivery.finish(hash);
    } catch (error) {
      this.#finishing = false;
      if (this.#pendingEnd) this.#host.onEnd(this.#pendingEnd);
      else this.fail(error);
      return;
    }
    this.#finishing = false;
    this.#pendingEnd = null;
    const { files, bytes, failed } = delivery.report();
    if (this.#state.phase === 'ended') this.#host.onEnd({ kind: 'done' });
    else this.#step({ kind: 'finished', files, bytes, failed });
  }

  /** A wire that is cut while the disk finishes does not undo what is whole: the end waits for it. */
  #end(outcome: Outcome): void {
    this.#stream.stop();
    this.answered();
    this.connection.close();
    const own = this.#pendingEnd ?? outcome;
    // what is given up comes to nothing, however long the disk takes to say so
    const isOver =
      !this.#finishing || (own.kind === 'cancelled' && this.delivery?.giveUp() === true);
    this.#pendingEnd = isOver ? null : own;
    if (isOver) this.#host.onEnd(own);
  }
}
