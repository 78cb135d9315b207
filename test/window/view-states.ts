import type { Finding } from '../../shared/model/diagnosis.ts';
import { GOOD_CODES, TROUBLE_CODES } from '../../shared/model/diagnosis.ts';
import type { ListedFile } from '../../shared/model/file-list.ts';
import { SENT_STATES } from '../../shared/model/file-list.ts';
import type { Failure } from '../../shared/errors.ts';
import { ERROR_CODES } from '../../shared/errors.ts';
import type { Pairing, PairedDevice } from '../../shared/model/pairing.ts';
import type { Content } from '../../shared/model/content.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { peer, peerId, peers, self } from '../support/shown-devices.ts';
import { delivered, transfer } from '../support/shown-transfers.ts';
import { snapshot, states } from '../support/snapshots.ts';

/** What the views of the window show that is not in the states of test/support/snapshots.ts. */

export const paired: readonly PairedDevice[] = [
  {
    id: peerId('be'),
    name: 'Ben’s Mac',
    platform: 'macos',
    pairedAtMs: 1_700_000_000_000,
    rule: { maxBytes: 100_000_000, directory: '/home/mara/Pictures' },
  },
  {
    id: peerId('5d'),
    name: 'Studio display',
    platform: 'linux',
    pairedAtMs: 1_700_000_000_000,
    rule: null,
  },
];

const code: Pairing = {
  pairingId: 'e'.repeat(32) as Pairing['pairingId'],
  peerId: peer('Ada’s laptop').id ?? peerId('ad'),
  name: 'Ada’s laptop',
  address: '192.168.1.31',
  phase: 'comparing',
  code: '482 913',
  calledLike: peerId('be'),
};

function pairingIn(phase: Pairing['phase'], at: number): Pairing {
  const pairingId = at.toString(16).padStart(32, '0') as Pairing['pairingId'];
  return {
    ...code,
    pairingId,
    phase,
    code: phase === 'connecting' ? null : '482 913',
    calledLike: null,
  };
}

const PHASES = ['connecting', 'matchedHere', 'matchedThere', 'confirming'] as const;

export const pairing = snapshot({ paired, pairings: [code] });
/** Of somebody who has never been met: the offer, and the code beside it. */
export const firstOffer = snapshot({
  pairings: [{ ...code, calledLike: null }],
  transfers: [states.plannedOffer.transfers[0]!],
});
export const everyPairing = snapshot({ paired, pairings: PHASES.map(pairingIn) });

export const settled = snapshot({
  paired,
  networks: [
    { id: 'a1'.repeat(16) as never, label: '192.168.1.1', isHere: true, isTrusted: true },
    { id: 'b2'.repeat(16) as never, label: '10.0.0.1', isHere: false, isTrusted: false },
  ],
  blocked: [{ id: peerId('ba'), name: 'Mallory', isStored: true }],
  notices: [{ id: 'n1', failure: { code: 'SETTINGS_UNREADABLE', details: { path: '/a/b.bad' } } }],
});

export const welcome = snapshot({ self: { ...self, isNew: true } });
export const aloneOff = snapshot({ peers: [], self: { ...self, discovery: 'off' } });
export const awayOff = snapshot({ peers: [], paired, self: { ...self, discovery: 'off' } });
export const away = snapshot({ peers: peers.slice(0, 1), paired });
/** One is known, one only calls itself like it, one has an equal's name. */
export const standings = snapshot({
  paired,
  peers: [
    peer('Ben’s Mac', { platform: 'macos', id: peerId('be'), paired: true }),
    peer('Ben’s Mac', { key: 'x'.repeat(64), id: peerId('1c'), calledLike: peerId('be') }),
    peer('The big workstation under the desk in the room at the back', { platform: 'windows' }),
  ],
});

/** As many gaps as any of them has. */
const details = {
  path: '/home/mara/Pictures/Summer in Lisbon/IMG_0412.jpg',
  name: 'Ada’s laptop',
  host: '192.168.1.31',
  address: '192.168.1.20',
  port: 47710,
  count: 3,
  bytes: 3_400_000_000,
  maxBytes: 65_536,
  freeBytes: 1_100_000_000,
  limit: 100_000,
  ids: '3fa9 1c07, 77e0 a31c',
  reason: 'ENOSYS',
} as const;

export const failures: readonly Failure[] = ERROR_CODES.map((name) => ({ code: name, details }));
export const everyFailure = snapshot({
  notices: failures.map((failure) => ({ id: failure.code, failure })),
});

/** What the other end of the address said last, and what may be the reason: each of them once. */
export const findings: readonly Finding[] = [
  ...TROUBLE_CODES.map(
    (name, at) => ({ level: at % 2 === 0 ? 'bad' : 'note', code: name, details }) as const,
  ),
  ...GOOD_CODES.map((name) => ({ level: 'good', code: name, details }) as const),
];

const received = (content: Content): Transfer =>
  transfer(delivered, {
    direction: 'receive',
    content,
    items: [{ name: content, kind: 'file' }],
    totals: { files: 1, directories: 0, bytes: 142 },
    savedAs: `/home/mara/.dropline/texts/${content}`,
  });

export const texts = [received('link'), received('text')] as const;
/** By what each of them is asked for. */
export const textAnswers = {
  [`readText ${texts[0].id}`]: {
    ok: true,
    value: { text: 'https://maps.xn--lisboa-example.org/alfama/tram-28?from=graça&to=estrela' },
  },
  [`readText ${texts[1].id}`]: {
    ok: true,
    value: {
      text: 'The key lies under the third pot.\n\nWi-Fi: casa-28\nword: sardinha-assada-2026',
    },
  },
} as const;

const files: readonly ListedFile[] = SENT_STATES.map((state, at) => ({
  at,
  path: `notes/${state}.txt`,
  bytes: 1_000 * at,
  state,
  code: state === 'failed' ? 'SOURCE_CHANGED' : null,
  renamedTo: null,
  savedAs: `/home/mara/notes/${state}.txt`,
}));

export const fileList = {
  ok: true,
  value: {
    files,
    total: files.length,
    counts: { all: files.length, failed: 1, renamed: 0, skipped: 1 },
  },
} as const;
