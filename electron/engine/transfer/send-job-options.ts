import type { Pacer } from './pacer.ts';
import type { Clock } from './ports.ts';
import type { Prepared } from './send-offer.ts';
import type { OfferedPictures } from './send-thumbnails.ts';
import type { Self, SendRequest, TransferEvent } from './worker-messages.ts';

export interface SendJobOptions {
  readonly request: SendRequest;
  readonly self: () => Self;
  readonly clock: Clock;
  readonly prepare: (request: SendRequest, signal: AbortSignal) => Promise<Prepared>;
  readonly emit: (event: TransferEvent) => void;
  readonly pacer: Pacer;
  /** null: nothing is shown of what is offered. */
  readonly openMaker: OfferedPictures['openMaker'] | null;
}
