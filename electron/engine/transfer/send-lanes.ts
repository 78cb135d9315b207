import type { ErrorCode } from '../../../shared/errors.ts';
import type { HoldUp, LimitedBy } from '../../../shared/model/limit.ts';
import type { LaneCount } from '../../../shared/protocol/lane-count.ts';
import { LANE_SAMPLE_MS, ONE_LANE, nextLaneCount } from '../../../shared/protocol/lane-count.ts';
import type { LaneMessage } from '../../../shared/protocol/lane-messages.ts';
import {
  BLOCK_BYTES,
  MAX_LANE_OFFERS,
  SEND_WINDOW_BYTES,
} from '../../../shared/protocol/limits.ts';
import type { Connection } from './connection.ts';
import type { LanePort, OpenLanePort } from './lane-port.ts';
import type { Range } from './missing-ranges.ts';
import type { Clock } from './ports.ts';
import { SendLane } from './send-lane.ts';

export interface SendLanesOptions {
  readonly clock: Clock;
  /** How many the receiver would dial. */
  readonly most: number;
  readonly openPort: OpenLanePort;
  readonly offer: (port: number, token: string) => void;
  /** By the session: not acknowledged yet. */
  readonly ownUnackedBytes: () => number;
  readonly limitedBy: () => LimitedBy | null;
  /** A lane came or went, or has room. */
  readonly onNews: () => void;
  /** The receiver broke the rules on a lane. */
  readonly onViolation: () => void;
}

/** A window, and the block that is whole when a byte more comes: with lanes or without (PROTOCOL.md §14.3). */
const MAX_UNDER_WAY_BYTES = SEND_WINDOW_BYTES + BLOCK_BYTES;
/** What the session may have on its way before an offer: a token would be too old where it comes. */
const MAX_BEFORE_OFFER_BYTES = 2 * BLOCK_BYTES;
/**
 * So long what a lane has lost still counts as under way. Those of a receiver that dies go one after the other,
 * and each would take with it what is sent again by the next.
 */
const DOUBT_MS = 2_000;

/**
 * The lanes of one session, at its sender: offers as many as the network calls for. Where nobody comes,
 * because something is in between, no more are offered, and all goes over the session as without them.
 */
export class SendLanes {
  readonly #options: SendLanesOptions;
  readonly #lanes = new Set<SendLane>();
  readonly #givenBack: Range[] = [];
  #port: LanePort | null = null;
  #opening: Promise<void> | null = null;
  #stopSamples: () => void = () => undefined;
  #count: LaneCount = ONE_LANE;
  #offered = 0;
  /** Offered, and not here yet. */
  #awaited = 0;
  #mayOffer = true;
  #isStopped = false;
  /** A file goes by them now. */
  #isBusy = false;
  /** Lost of late, and how to stop waiting for the end of that. */
  #doubtBytes = 0;
  readonly #doubts = new Set<() => void>();
  /** What lanes that are gone have brought. */
  #broughtBytes = 0;
  #sampledBytes = 0;

  constructor(options: SendLanesOptions) {
    this.#options = options;
  }

  /** A file begins or ends to go by lanes. The first one opens the port. */
  set busy(isBusy: boolean) {
    this.#isBusy = isBusy;
    if (isBusy && !this.#isStopped) this.#opening ??= this.#open();
  }

  /** One may come soon. */
  get areAwaited(): boolean {
    return this.#mayOffer && this.#lanes.size === 0;
  }

  get size(): number {
    return this.#lanes.size;
  }

  /** Payload that is with the receiver. */
  get ackedBytes(): number {
    let bytes = this.#broughtBytes;
    for (const lane of this.#lanes) bytes += lane.ackedBytes;
    return bytes;
  }

  /** What keeps the receiver from taking more: as any of them heard while a file goes by them, else `own`. */
  holdUpOr(own: HoldUp): HoldUp {
    if (!this.#isBusy || this.#lanes.size === 0) return own;
    for (const { holdUp } of this.#lanes) if (holdUp !== null) return holdUp;
    return null;
  }

  /** Blocks under way, or given back. */
  get unfinished(): number {
    let count = this.#givenBack.length;
    for (const lane of this.#lanes) count += lane.unacked.length;
    return count;
  }

  /** A block that a lost lane has not brought. */
  takeGivenBack(): Range | undefined {
    return this.#givenBack.shift();
  }

  get hasGivenBack(): boolean {
    return this.#givenBack.length > 0;
  }

  /** The file has failed: nobody wants the rest of it. */
  forgetGivenBack(): void {
    this.#givenBack.length = 0;
  }

  /**
   * A block more may begin: not as much is under way as may have to be sent again when the receiver dies, with
   * `ownBytes` that the session has.
   */
  mayBegin(ownBytes: number): boolean {
    let underWayBytes = ownBytes + this.#doubtBytes;
    for (const lane of this.#lanes) underWayBytes += lane.unfinishedBytes;
    return underWayBytes + BLOCK_BYTES <= MAX_UNDER_WAY_BYTES;
  }

  /** A lane has just been lost: its session may be going too. */
  get isInDoubt(): boolean {
    return this.#doubtBytes > 0;
  }

  /** The one with room that has least to do. null: none has, or none may begin a block. */
  free(ownBytes: number): SendLane | null {
    if (!this.mayBegin(ownBytes)) return null;
    let best: SendLane | null = null;
    for (const lane of this.#lanes) {
      if (!lane.hasRoom) continue;
      if (!best || lane.unackedBytes < best.unackedBytes) best = lane;
    }
    return best;
  }

  /** Resolves when nothing of it is open. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopSamples();
    for (const stopDoubt of this.#doubts) stopDoubt();
    for (const lane of this.#lanes) this.#leave(lane);
    await this.#opening;
    await this.#port?.stop();
  }

  /** Never rejects. */
  async #open(): Promise<void> {
    const { openPort, clock } = this.#options;
    try {
      this.#port = await openPort({
        onJoined: (connection) => this.#join(connection),
        onExpired: () => {
          this.#awaited--;
          this.#mayOffer = false;
        },
      });
    } catch {
      this.#mayOffer = false; // without a port there are no lanes
      return;
    }
    if (this.#isStopped) return;
    this.#stopSamples = clock.every(LANE_SAMPLE_MS, () => this.#sample());
    this.#offerMore();
  }

  #offerMore(): void {
    const port = this.#port;
    if (this.#options.ownUnackedBytes() > MAX_BEFORE_OFFER_BYTES) return; // the next sample asks again
    const wanted = Math.min(this.#count.wanted, this.#options.most);
    while (port && this.#mayOffer && this.#lanes.size + this.#awaited < wanted) {
      this.#mayOffer = ++this.#offered < MAX_LANE_OFFERS;
      this.#awaited++;
      this.#options.offer(port.port, port.offer());
    }
  }

  #join(connection: Connection<LaneMessage>): void {
    this.#awaited--;
    const lane: SendLane = new SendLane(connection, {
      onNews: this.#options.onNews,
      onLost: (code) => this.#onLost(lane, code),
    });
    this.#lanes.add(lane);
    this.#options.onNews();
  }

  #onLost(lane: SendLane, code: ErrorCode): void {
    this.#givenBack.push(...lane.unacked);
    this.#doubt(lane.unfinishedBytes);
    // something in between lets it in and nothing through: the next one would only keep the blocks waiting
    if (lane.ackedBytes === 0 && lane.unfinishedBytes > 0) this.#mayOffer = false;
    this.#leave(lane);
    if (code === 'PROTOCOL_VIOLATION') this.#options.onViolation();
    this.#options.onNews();
  }

  #doubt(bytes: number): void {
    if (this.#isStopped) return;
    this.#doubtBytes += bytes;
    const stop = this.#options.clock.after(DOUBT_MS, () => {
      this.#doubts.delete(stop);
      this.#doubtBytes -= bytes;
      this.#options.onNews();
    });
    this.#doubts.add(stop);
  }

  #leave(lane: SendLane): void {
    this.#broughtBytes += lane.wholeBytes;
    this.#lanes.delete(lane);
    lane.close();
  }

  #sample(): void {
    const bytes = this.ackedBytes - this.#sampledBytes;
    this.#sampledBytes += bytes;
    if (!this.#isBusy) return;
    // a lane may be ahead of its session: what waits there waits for that
    const isAhead = this.#options.ownUnackedBytes() > 0;
    for (const lane of [...this.#lanes]) lane.sample(LANE_SAMPLE_MS, isAhead);
    const limitedBy = this.#options.limitedBy();
    this.#count = nextLaneCount(this.#count, { lanes: this.#lanes.size, bytes, limitedBy });
    this.#offerMore();
  }
}
