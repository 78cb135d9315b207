import { NOTHING_MET, NO_PROBLEMS } from '../../shared/model/transfer.ts';
import type { Transfer, TransferId, TransferPhase } from '../../shared/model/transfer.ts';
import { peer, peerId } from './shown-devices.ts';

/** Transfers in every phase that a window has to draw. */

export const transferId = (number: number): TransferId =>
  number.toString(16).padStart(32, '0') as TransferId;

type Common = Omit<Transfer, 'phase'>;

const MIB = 1024 * 1024;
export const totals = { files: 312, directories: 24, bytes: 3_400_000_000 } as const;

let made = 0;

export function transfer(
  phase: TransferPhase,
  more: Partial<Common> & { readonly who?: string } = {},
): Transfer {
  made += 1;
  const { who = 'Ada’s laptop', ...rest } = more;
  return {
    id: transferId(made),
    direction: 'send',
    mode: 'tls',
    peer: { id: peer(who).id, name: who, address: '192.168.1.31', verified: false },
    items: [{ name: 'Summer in Lisbon', kind: 'folder' }],
    itemCount: 1,
    totals,
    leftOut: NO_PROBLEMS,
    startedAtMs: 1_700_000_000_000,
    keptBytes: 0,
    savedAs: null,
    ...NOTHING_MET,
    canRetry: rest.direction !== 'receive',
    ...phase,
    ...rest,
  };
}

export const delivered = {
  phase: 'delivered',
  finishedAtMs: 1_700_000_060_000,
  hash: `blake3:${'0'.repeat(64)}`,
  verified: true,
  sentBytes: totals.bytes,
  failed: NO_PROBLEMS,
  hasReceipt: false,
  check: null,
} as const;

export const sending = transfer({
  phase: 'transferring',
  bytes: 1_240_000_000,
  files: 118,
  bytesPerSecond: 98_000_000,
  remainingMs: 22_000,
  course: Array.from({ length: 40 }, (_, at) => (70 + 30 * Math.sin(at / 5)) * 1_000_000),
  limitedBy: 'theirDisk',
});

export const receiving = transfer(
  {
    phase: 'transferring',
    bytes: 640 * MIB,
    files: 0,
    bytesPerSecond: 41_300_000,
    remainingMs: 190_000,
    limitedBy: null,
  },
  {
    direction: 'receive',
    who: 'Workshop PC',
    items: [{ name: 'render-final-v3.mov', kind: 'file' }],
    totals: { files: 1, directories: 0, bytes: 8_600_000_000 },
  },
);

export const offer = transfer(
  { phase: 'offered', plan: null },
  {
    direction: 'receive',
    items: [
      { name: 'Summer in Lisbon', kind: 'folder' },
      { name: 'Tickets.pdf', kind: 'file' },
      { name: 'route.gpx', kind: 'file' },
    ],
    itemCount: 3,
    totals: { files: 314, directories: 24, bytes: 3_402_000_000 },
  },
);

export const fileOffer = transfer(
  { phase: 'offered', plan: null },
  {
    direction: 'receive',
    who: 'Workshop PC',
    peer: { id: peerId('77e0'), name: 'Workshop PC', address: '192.168.1.44', verified: true },
    items: [{ name: 'invoice 2026-11.pdf', kind: 'file' }],
    totals: { files: 1, directories: 0, bytes: 184_320 },
  },
);

export const plainOffer = transfer(
  { phase: 'offered', plan: null },
  {
    direction: 'receive',
    mode: 'plain',
    peer: { id: null, name: '192.168.1.90', address: '192.168.1.90', verified: false },
    items: [{ name: 'scan.tiff', kind: 'file' }],
    totals: { files: 1, directories: 0, bytes: 0 },
  },
);

const someLeftOut = {
  count: 3,
  examples: [
    { path: 'Summer in Lisbon/latest', code: 'SOURCE_IS_LINK' },
    { path: 'Summer in Lisbon/raw', code: 'SOURCE_IS_LINK' },
    { path: 'Summer in Lisbon/cover.jpg', code: 'SOURCE_IS_LINK' },
  ],
} as const;

const someFailed = {
  count: 7,
  examples: [
    { path: 'notes/draft.odt', code: 'SOURCE_CHANGED' },
    { path: 'notes/locked.db', code: 'SOURCE_UNREADABLE' },
    { path: 'notes/old.zip', code: 'HASH_MISMATCH' },
    { path: 'notes/new.zip', code: 'SOURCE_CHANGED' },
  ],
} as const;

const finishedAtMs = 1_700_000_060_000;

/** Its files can be listed, and those that failed sent again by themselves. */
export const partlySent: Transfer = {
  ...transfer({ ...delivered, failed: someFailed }, { items: [{ name: 'notes', kind: 'folder' }] }),
  hasFileList: true,
};

/** One transfer in each phase, in both directions where they differ. */
export const everyPhase: readonly Transfer[] = [
  transfer(
    { phase: 'preparing' },
    { totals: { files: 12_480, directories: 960, bytes: 91_000_000 } },
  ),
  transfer({ phase: 'connecting' }, { who: 'nas' }),
  transfer({ phase: 'waiting' }, { leftOut: someLeftOut }),
  sending,
  receiving,
  transfer({ phase: 'paused', bytes: 1_240_000_000, files: 118, by: 'us' }),
  transfer({ phase: 'paused', bytes: 640 * MIB, files: 31, by: 'peer' }),
  transfer({ phase: 'paused', bytes: 640 * MIB, files: 31, by: 'both' }, { direction: 'receive' }),
  // taken up again where it broke
  { ...sending, id: transferId(9_000), keptBytes: 700_000_000 },
  transfer({ phase: 'finishing' }),
  transfer({ phase: 'finishing' }, { direction: 'receive' }),
  transfer({
    phase: 'interrupted',
    bytes: 1_900_000_000,
    failure: { code: 'PEER_GONE', details: {} },
  }),
  transfer(delivered, { leftOut: someLeftOut }),
  transfer(delivered, {
    direction: 'receive',
    savedAs: '/home/mara/Downloads/Summer in Lisbon (2)',
  }),
  partlySent,
  transfer(
    { ...delivered, hash: null, verified: false },
    {
      direction: 'receive',
      mode: 'plain',
      who: '192.168.1.90',
      items: [{ name: 'scan.tiff', kind: 'file' }],
      totals: { files: 1, directories: 0, bytes: 18_200_000 },
      savedAs: '/home/mara/Downloads/scan.tiff',
    },
  ),
  transfer(
    {
      phase: 'transferring',
      bytes: 4_200_000,
      files: 0,
      bytesPerSecond: 900_000,
      remainingMs: null,
      limitedBy: null,
    },
    {
      direction: 'receive',
      mode: 'plain',
      who: '192.168.1.90',
      items: [{ name: 'scan2.tiff', kind: 'file' }],
      totals: { files: 1, directories: 0, bytes: 0 },
    },
  ),
  transfer({ phase: 'declined', finishedAtMs }),
  transfer({ phase: 'declined', finishedAtMs }, { direction: 'receive' }),
  transfer({ phase: 'cancelled', finishedAtMs, by: 'us' }),
  transfer({ phase: 'cancelled', finishedAtMs, by: 'peer' }, { direction: 'receive' }),
  transfer({
    phase: 'failed',
    finishedAtMs,
    failure: { code: 'PEER_UNREACHABLE', details: { host: '192.168.1.31', port: 47710 } },
  }),
  transfer(
    {
      phase: 'failed',
      finishedAtMs,
      failure: {
        code: 'DISK_FULL',
        details: { path: '/home/mara', bytes: 3_400_000_000, freeBytes: 1_100_000_000 },
      },
    },
    { direction: 'receive' },
  ),
];
