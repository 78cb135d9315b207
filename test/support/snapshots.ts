import type { PairedDevice } from '../../shared/model/pairing.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { everythingAtOnce, littleRoom, plan } from './plans.ts';
import { everyCheck } from './shown-checks.ts';
import { interfaces, peer, peerId, peers, self } from './shown-devices.ts';
import {
  delivered,
  everyPhase,
  fileOffer,
  offer,
  plainOffer,
  receiving,
  sending,
  transfer,
} from './shown-transfers.ts';

/** Snapshots of every state that the window has to draw, for tests and for looking at. */

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
