import type { ErrorCode } from '../../shared/errors.ts';
import type { Outcome } from '../../shared/protocol/session.ts';

/** What the two ends of a wire in memory have in common. */

export type Side = 'sender' | 'receiver';

export interface End {
  readonly side: Side;
  readonly outcome: Outcome | null;
  take(bytes: Uint8Array): void;
  close(code: ErrorCode): void;
  /** What its person does. */
  say(kind: 'cancel' | 'pause' | 'resume'): void;
  frames(): Generator<Uint8Array>;
}

/** Sees every frame on its way and answers what goes on instead: nothing, it, or others. */
export type Tamper = (frame: Uint8Array, from: Side) => readonly Uint8Array[];
