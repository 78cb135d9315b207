import type { Pairing, PairingId } from '../../shared/model/pairing.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { NOTHING_MET, NO_PROBLEMS } from '../../shared/model/transfer.ts';

export const aTransferId = '0123456789abcdef0123456789abcdef' as TransferId;

export function aSnapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    self: {
      id: 'a'.repeat(64) as PeerId,
      name: 'Here',
      platform: 'linux',
      host: '0.0.0.0',
      port: 47710,
      addresses: ['127.0.0.1'],
      directory: '/home/me/Downloads',
      discovery: 'off',
      keyKept: 'owner',
      hasKeyStore: false,
      isNew: false,
    },
    peers: [],
    transfers: [],
    pairings: [],
    paired: [],
    settings: settingsSchema.parse({}),
    networks: [],
    interfaces: [],
    blocked: [],
    notices: [],
    ...parts,
  };
}

export const aPairing: Pairing = {
  pairingId: '3'.repeat(32) as PairingId,
  peerId: 'c'.repeat(64) as PeerId,
  name: 'Cleo',
  address: '10.0.0.3',
  calledLike: null,
  code: '123 456',
  phase: 'comparing',
};

type OfferParts = Partial<
  Pick<Transfer, 'id' | 'items' | 'itemCount' | 'content' | 'totals' | 'direction'>
> & {
  readonly peerName?: string;
};

/** What another computer offers this one. */
export function anOffer({ peerName = 'Anna', ...parts }: OfferParts = {}): Transfer {
  return {
    id: aTransferId,
    direction: 'receive',
    mode: 'tls',
    peer: { id: 'b'.repeat(64) as PeerId, name: peerName, address: '10.0.0.2', verified: false },
    items: [{ name: 'holiday', kind: 'folder' }],
    itemCount: 1,
    totals: { files: 12, directories: 1, bytes: 2_345_678 },
    leftOut: NO_PROBLEMS,
    startedAtMs: 0,
    keptBytes: 0,
    canRetry: false,
    savedAs: null,
    ...NOTHING_MET,
    phase: 'offered',
    plan: null,
    ...parts,
  };
}
