import type { JournalHeader } from '../../electron/engine/transfer/journal-records.ts';
import { KEEP_BOTH } from '../../shared/model/plan.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { TRANSFER_ID } from './memory-tree.ts';

/** Of a delivery of one byte, where nothing else is said. */
export function journalHeader(more: Partial<JournalHeader> = {}): JournalHeader {
  return {
    transferId: TRANSFER_ID,
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
    ...more,
  };
}
