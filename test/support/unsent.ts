import type { Unsent } from '../../electron/engine/outbox.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { TransferId } from '../../shared/model/transfer.ts';

export const ID = 'a'.repeat(32) as TransferId;
export const BEN = 'b'.repeat(64) as PeerId;

/** What an earlier run has left in the outbox. */
export const UNSENT: Unsent = {
  transferId: ID,
  offerId: 'c'.repeat(32) as TransferId,
  earlierIds: [],
  entriesKey: 'key',
  paths: ['/home/mara/photos'],
  peer: { id: BEN, name: 'Ben', address: '192.0.2.7', port: 5000 },
  items: [{ name: 'photos', kind: 'folder' }],
  itemCount: 1,
  totals: { files: 3, directories: 1, bytes: 1000 },
  bytes: 400,
  startedAtMs: 1,
  paused: false,
  cancelledAtMs: null,
};
