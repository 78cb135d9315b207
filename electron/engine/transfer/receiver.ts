import type { ErrorCode } from '../../../shared/errors.ts';
import type { Choice } from '../../../shared/model/choice.ts';
import type { OfferedPage, OfferedQuery, PicturesQuery } from '../../../shared/model/offered.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { OfferedPicture } from '../../../shared/model/pictures.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { CountReporter } from './count-reporter.ts';
import type { Door } from './door.ts';
import type { JournalShelf } from './journal-shelf.ts';
import type { PairingOrder } from './pairing-messages.ts';
import type { Clock, FileSystem } from './ports.ts';
import type { Acceptance, Bound, ListenOptions } from './worker-messages.ts';

/** What both ways of receiving stand on. */
export interface ReceiveSystem {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly reporter: CountReporter;
  readonly shelf: JournalShelf;
}

export interface PortSystem extends ReceiveSystem {
  readonly door: Pick<Door, 'admits'>;
}

/** An open port and the transfers that come in by it, whichever way they are spoken. */
export interface Receiver {
  bound(): Promise<Bound>;
  rename(name: string): void;
  /** Each of these does nothing where the transfer is unknown or past that point. */
  accept(transferId: TransferId, acceptance: Acceptance): void;
  /** Tells by `planned` what accepting it there would do; the latest question counts. */
  plan(transferId: TransferId, directory: string, choice?: Choice): Promise<void>;
  /** What is in a folder of an offer that waits; null: there is none like it. */
  look?(query: OfferedQuery): Promise<OfferedPage | null>;
  /** What such an offer looks like, as far as it has come; `pictures` tells when there is more. null: it waits no more. */
  pictures?(query: PicturesQuery): readonly OfferedPicture[] | null;
  decline(transferId: TransferId, code: ErrorCode): void;
  pause(transferId: TransferId): void;
  resume(transferId: TransferId): void;
  cancel(transferId: TransferId): Promise<void>;
  /** Only where peers have keys. */
  pair?(order: PairingOrder): void;
  setVisibleTo?(peerIds: readonly PeerId[] | null): void;
  /** Another place, or none. Throws PORT_IN_USE, NO_PERMISSION, ADDRESS_UNAVAILABLE. */
  listenAt?(listen: ListenOptions | null): Promise<Bound | null>;
  setBlocked?(peerIds: readonly PeerId[]): void;
  stop(): Promise<void>;
}
