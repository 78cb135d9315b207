import type { Transfer } from '../../shared/model/transfer.ts';
import { peer, peerId, peers } from '../support/shown-devices.ts';
import { delivered, transfer } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';
import { paired } from './view-states.ts';

/** Offers that want a second look, and transfers that went another way than most. */

const asked = { phase: 'offered', plan: null } as const;
const one = { files: 1, directories: 0, bytes: 1_400_000 } as const;
const receive = { direction: 'receive' } as const;
const ben = peerId('1c');

export const secondLook = snapshot({
  paired,
  peers: [peer('Ben’s Mac', { id: ben, calledLike: peerId('be') }), ...peers],
  transfers: [
    transfer(asked, {
      ...receive,
      content: 'link',
      items: [{ name: 'lisboa.example', kind: 'file' }],
      totals: { ...one, bytes: 64 },
    }),
    transfer(asked, {
      ...receive,
      who: 'Workshop PC',
      items: ['holiday.jpg.exe', '\u0440aypal.txt', '.bashrc', 'go.sh'].map((name) => {
        return { name, kind: 'file' };
      }),
      itemCount: 4,
      totals: { files: 4, directories: 0, bytes: 5_600_000 },
    }),
    transfer(asked, {
      ...receive,
      peer: {
        id: ben,
        name: 'Ben’s Mac',
        address: '192.168.1.66',
        verified: false,
        calledLike: peerId('be'),
      },
      items: [{ name: 'update.pkg', kind: 'file' }],
      totals: one,
    }),
  ],
});

const room = { path: '/home/mara', bytes: 3_400_000_000, freeBytes: 1_100_000_000 };
const full = { code: 'DISK_FULL', details: room } as const;
const savedAs = '/home/mara/Downloads/Summer in Lisbon';
const refused = {
  count: 2,
  examples: [
    { path: 'Summer in Lisbon/what: is this?.txt', code: 'PLACE_REFUSED' },
    { path: 'Summer in Lisbon/locked/a.txt', code: 'NO_PERMISSION' },
  ],
} as const;
const unwanted = { files: 12, directories: 1, bytes: 40_000_000 };

const others: readonly Transfer[] = [
  transfer({ phase: 'interrupted', bytes: 1_900_000_000, failure: full }, receive),
  transfer({ phase: 'interrupted', bytes: 1_900_000_000, failure: full }),
  transfer(
    { phase: 'interrupted', bytes: 640_000_000, failure: { code: 'PEER_GONE', details: {} } },
    receive,
  ),
  transfer(delivered, { ...receive, savedAs, replacedCount: 3, identicalCount: 40 }),
  transfer(delivered, { ...receive, savedAs, replacedCount: 3, undone: true }),
  transfer(delivered, { ...receive, savedAs, unwanted }),
  transfer(delivered, { unwanted }),
  transfer({ ...delivered, failed: refused, hasReceipt: true }, { ...receive, savedAs }),
  { ...transfer({ ...delivered, failed: refused }), hasFileList: true },
  transfer({ phase: 'failed', finishedAtMs: 1_700_000_060_000, failure: full }, receive),
];

export const otherEndings = snapshot({ transfers: others });
