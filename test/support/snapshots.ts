import type { Check, DoneCheck } from '../../shared/model/check.ts';
import type { PairedDevice } from '../../shared/model/pairing.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { ListedPeer } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { Self, Snapshot } from '../../shared/model/snapshot.ts';
import { NOTHING_MET, NO_PROBLEMS } from '../../shared/model/transfer.ts';
import type { Transfer, TransferId, TransferPhase } from '../../shared/model/transfer.ts';
import { everythingAtOnce, littleRoom, plan } from './plans.ts';

/** Snapshots of every state that the window has to draw, for tests and for looking at. */

export const peerId = (seed: string): PeerId => seed.repeat(64).slice(0, 64) as PeerId;
export const transferId = (number: number): TransferId =>
  number.toString(16).padStart(32, '0') as TransferId;

export const self: Self = {
  id: peerId('3fa91c07be'),
  name: 'Studio',
  platform: 'linux',
  host: '::',
  port: 47710,
  addresses: ['192.168.1.20'],
  directory: '/home/mara/Downloads',
  discovery: 'on',
  keyKept: 'owner',
  hasKeyStore: false,
  isNew: false,
};

export const interfaces = [{ name: 'eth0', addresses: ['192.168.1.20'] }] as const;

export function peer(name: string, more: Partial<ListedPeer> = {}): ListedPeer {
  const id = peerId(Array.from(name, (letter) => letter.charCodeAt(0).toString(16)).join(''));
  return {
    key: id,
    id,
    name,
    platform: 'linux',
    addresses: ['192.168.1.31'],
    port: 47710,
    foundBy: 'discovery',
    paired: false,
    calledLike: null,
    ...more,
  };
}

export const peers: readonly ListedPeer[] = [
  peer('Ada’s laptop', { platform: 'macos', addresses: ['192.168.1.31', 'fe80::1'] }),
  peer('Workshop PC', { platform: 'windows', addresses: ['192.168.1.44'] }),
  peer('nas', { addresses: ['192.168.1.2'] }),
  {
    key: 'address:10.0.4.17:47710',
    id: null,
    name: '10.0.4.17',
    platform: 'other',
    addresses: ['10.0.4.17'],
    port: 47710,
    foundBy: 'address',
    paired: false,
    calledLike: null,
  },
];

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

const summer = { direction: 'receive', savedAs: '/home/mara/Downloads/Summer in Lisbon' } as const;
const nothing: DoneCheck = {
  state: 'done',
  files: totals.files,
  intact: totals.files,
  changed: NO_PROBLEMS,
  missing: NO_PROBLEMS,
  unchecked: NO_PROBLEMS,
  finishedAtMs,
};
const found: DoneCheck = {
  ...nothing,
  intact: 306,
  changed: {
    count: 2,
    examples: [
      { path: 'Summer in Lisbon/IMG_0412.jpg', code: 'FILE_CHANGED_SINCE' },
      { path: 'Summer in Lisbon/notes.txt', code: 'FILE_CHANGED_SINCE' },
    ],
  },
  missing: {
    count: 1,
    examples: [{ path: 'Summer in Lisbon/raw/IMG_0413.dng', code: 'FILE_GONE_SINCE' }],
  },
  unchecked: {
    count: 3,
    examples: [{ path: 'Summer in Lisbon/raw/IMG_0500.dng', code: 'DISK_ERROR' }],
  },
};

/** What was received, in each state of being verified again. */
export const everyCheck: readonly Transfer[] = (
  [
    null,
    { state: 'running', bytes: 1_240_000_000, last: found },
    nothing,
    found,
    { ...nothing, intact: 300, unchecked: { count: 12, examples: [] } },
    { state: 'failed', failure: { code: 'NO_RECEIPT', details: {} }, last: nothing },
  ] satisfies (Check | null)[]
).map((check) => transfer({ ...delivered, hasReceipt: true, check }, summer));

/** Names as only a stranger would give them. */
export const hostile = {
  name: 'Mallory \u202egpj.exe\u202c <img src=x onerror=alert(1)> שלום',
  file: 'invoice\u202efdp.exe <b>bold</b> שלום.txt',
} as const;

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    self,
    peers,
    transfers: [],
    pairings: [],
    paired: [],
    settings: settingsSchema.parse({}),
    networks: [],
    interfaces,
    blocked: [],
    notices: [],
    ...more,
  };
}

const many = Array.from({ length: 11 }, (_, at) => peer(`Class room ${at + 1}`));
const knownDevice = (name: string, seed: string): PairedDevice => {
  return { id: peerId(seed), name, platform: 'macos', pairedAtMs: 1_700_000_000_000, rule: null };
};

export const states = {
  alone: snapshot({ peers: [] }),
  aloneNoDiscovery: snapshot({
    peers: [],
    self: { ...self, discovery: 'failed' },
    notices: [{ id: 'n1', failure: { code: 'DISCOVERY_FAILED', details: {} } }],
  }),
  peers: snapshot(),
  crowd: snapshot({
    peers: [...many, peer('Ada’s laptop', { platform: 'macos', paired: true })],
    paired: [knownDevice('Ben’s Mac', 'be'), knownDevice('Studio display', '5d')],
    settings: settingsSchema.parse({ favourites: [many[4]?.id, peer('Ada’s laptop').id] }),
  }),
  sending: snapshot({ transfers: [sending, receiving, transfer(delivered, { who: 'nas' })] }),
  offer: snapshot({ transfers: [offer, transfer(delivered, { who: 'nas' })] }),
  newOffer: snapshot({ transfers: [{ ...offer, phase: 'offered', plan: plan() }] }),
  plannedOffer: snapshot({ transfers: [{ ...offer, phase: 'offered', plan: everythingAtOnce }] }),
  tightOffer: snapshot({ transfers: [{ ...offer, phase: 'offered', plan: littleRoom }] }),
  offers: snapshot({ transfers: [plainOffer, fileOffer, offer, sending] }),
  done: snapshot({
    transfers: [
      transfer(delivered),
      transfer(delivered, {
        direction: 'receive',
        who: 'Workshop PC',
        items: [{ name: 'render-final-v3.mov', kind: 'file' }],
        totals: { files: 1, directories: 0, bytes: 8_600_000_000 },
        savedAs: '/home/mara/Downloads/render-final-v3.mov',
      }),
    ],
  }),
  everyPhase: snapshot({ transfers: everyPhase }),
  everyCheck: snapshot({ transfers: everyCheck }),
  hostile: snapshot({
    self: { ...self, name: hostile.name },
    peers: [peer(hostile.name), peer('Ada'), peer('Ada', { key: 'b'.repeat(64), id: peerId('b') })],
    transfers: [
      transfer(
        { phase: 'offered', plan: null },
        {
          direction: 'receive',
          who: hostile.name,
          items: [{ name: hostile.file, kind: 'file' }],
        },
      ),
      transfer(delivered, { who: hostile.name, items: [{ name: hostile.file, kind: 'file' }] }),
    ],
  }),
} as const satisfies Record<string, Snapshot>;

export type StateName = keyof typeof states;
