import type { JournalHeader } from '../../electron/engine/transfer/journal-records.ts';
import { KEEP_BOTH } from '../../shared/model/plan.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { TransferId } from '../../shared/model/transfer.ts';

/** Of a delivery of one byte. */
export function journalHeader(transferId: TransferId): JournalHeader {
  return {
    transferId,
    token: '0123456789abcdef',
    peer: { id: 'ab'.repeat(32) as PeerId, name: '', address: '' },
    entriesKey: '',
    hash: 'sha256',
    directory: '/nowhere',
    items: [],
    itemCount: 0,
    totals: { files: 1, directories: 0, bytes: 1 },
    leftOut: 0,
    skip: [],
    startedAtMs: 0,
    existing: KEEP_BOTH,
    merged: [],
  };
}
