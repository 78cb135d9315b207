import type { LaneMessage } from '../../../shared/protocol/lane-messages.ts';
import { MAX_LANES } from '../../../shared/protocol/limits.ts';
import type { Connection } from './connection.ts';
import type { ReceiveLaneOptions } from './receive-lane.ts';
import { ReceiveLane } from './receive-lane.ts';

/** Dials the sender of a session at that port, and expects its key. Rejects where it cannot be had. */
export type DialLane = (port: number, signal: AbortSignal) => Promise<Connection<LaneMessage>>;

export interface ReceiveLanesOptions extends Omit<ReceiveLaneOptions, 'onLost'> {
  readonly dial: DialLane;
}

/** The lanes of one session, at its receiver, which dials them. */
export class ReceiveLanes {
  readonly #options: ReceiveLanesOptions;
  readonly #lanes = new Set<ReceiveLane>();
  readonly #stopped = new AbortController();
  #dialling = 0;

  constructor(options: ReceiveLanesOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#lanes.size;
  }

  /** The sender would take one more. One that cannot be had is no harm. */
  offered(port: number, token: string): void {
    const isTooMuch = this.#lanes.size + this.#dialling >= MAX_LANES;
    if (!isTooMuch && !this.#stopped.signal.aborted) void this.#dial(port, token);
  }

  /** The session has come to another file. */
  sessionMoved(): void {
    for (const lane of this.#lanes) lane.sessionMoved();
  }

  stop(): void {
    this.#stopped.abort();
    for (const lane of this.#lanes) lane.stop();
    this.#lanes.clear();
  }

  /** Never rejects. */
  async #dial(port: number, token: string): Promise<void> {
    this.#dialling++;
    try {
      const connection = await this.#options.dial(port, this.#stopped.signal);
      if (this.#stopped.signal.aborted) connection.destroy();
      else this.#join(connection, token);
    } catch {
      // something is in between: all comes by the session
    } finally {
      this.#dialling--;
    }
  }

  #join(connection: Connection<LaneMessage>, token: string): void {
    const lane: ReceiveLane = new ReceiveLane(connection, token, {
      ...this.#options,
      onLost: () => this.#lanes.delete(lane),
    });
    this.#lanes.add(lane);
  }
}
