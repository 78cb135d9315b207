import type { PeerId } from './peer.ts';

/** A device whose offers are declined without a prompt. */
export interface BlockedPeer {
  readonly id: PeerId;
  /** What it called itself. */
  readonly name: string;
  /** It is also blocked when the program is started again. */
  readonly isStored: boolean;
}
