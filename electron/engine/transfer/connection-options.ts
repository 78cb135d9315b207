import type { Socket } from 'node:net';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { Feed } from './feed.ts';

export interface ConnectionHandlers<M> {
  /** Whoever is there may hear nothing of us yet, not even what was wrong. */
  readonly isMute?: boolean;
  onMessage(message: M): void;
  /** A data frame, or part of one; valid only during the call. */
  onData(part: Uint8Array): void;
  /** Called once. `PROTOCOL_VIOLATION`: what came was not frames of ours. */
  onClosed(code: ErrorCode): void;
}

export interface ConnectionOptions {
  /** From that address to others. */
  readonly hasMoved?: (address: string) => boolean;
  /** Where content comes from, of a socket that puts it there without making chunks of it. */
  readonly feed?: Feed;
  /** The socket that came in, of one whose end also takes back what is on its way. */
  readonly below?: Socket;
}
