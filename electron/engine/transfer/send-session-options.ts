import type { Pause } from '../../../shared/protocol/pause.ts';
import type { Problem } from '../../../shared/model/transfer.ts';
import type { Unwanted } from '../../../shared/model/unwanted.ts';
import type { HashAlgorithm, MessageOf } from '../../../shared/protocol/messages.ts';
import type { Greeting, Outcome } from '../../../shared/protocol/session.ts';
import type { Connection } from './connection.ts';
import type { FileHashes } from './file-hashes.ts';
import type { OpenLanePort } from './lane-port.ts';
import type { Pacer } from './pacer.ts';
import type { Clock } from './ports.ts';
import type { OfferedPictures } from './send-thumbnails.ts';
import type { SentStates } from './sent-states.ts';
import type { Source } from './source.ts';

export interface SendSessionHandlers {
  /** The other side's name is known and the offer is on its way. */
  readonly onWaiting: (peerName: string) => void;
  readonly onStarted: (keptBytes: number, unwanted: Unwanted) => void;
  /** Who wants the stream to stand still has changed; nobody does once it has come to its end. */
  readonly onPause: (pause: Pause) => void;
  /** The receiver has every byte, and checks them. */
  readonly onFinishing: () => void;
}

export interface SendSessionOptions extends SendSessionHandlers {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Absent: as fast as it goes. */
  readonly pacer?: Pacer;
  readonly greeting: Greeting;
  readonly offer: Omit<MessageOf<'offer'>, 'type'>;
  readonly source: Source;
  /** The person here wanted it to stand still before this connection. */
  readonly isPausedByUs: () => boolean;
  /** Hashes of files sent whole in earlier connections of this transfer, by index; added to. */
  readonly hashes: FileHashes;
  /** How far each file is; changed. */
  readonly states?: SentStates;
  /** null: all goes by this connection. */
  readonly openLanePort: OpenLanePort | null;
  /** What it may show before it is answered; absent: nothing. */
  readonly pictures?: OfferedPictures | null;
}

export interface SendResult {
  readonly outcome: Outcome;
  readonly done: MessageOf<'done'> | null;
  /** Files that could not be sent, whatever the receiver says of them. */
  readonly problems: readonly Problem[];
  readonly hash: { readonly algorithm: HashAlgorithm; readonly hex: string } | null;
  readonly unwanted: Unwanted;
}
