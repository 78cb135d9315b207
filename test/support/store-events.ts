import type { Change } from '../../electron/engine/state/reduce.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import type { TransferEvent } from '../../electron/engine/transfer/worker-messages.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { Self } from '../../shared/model/snapshot.ts';
import type { TransferId } from '../../shared/model/transfer.ts';

/** What happens to an engine's state, for tests of it. */

export const self: Self = {
  id: 'a'.repeat(64) as PeerId,
  name: 'Anna',
  platform: 'linux',
  host: null,
  port: null,
  addresses: [],
  directory: '/home/mara',
  discovery: 'off',
  keyKept: 'owner',
  hasKeyStore: false,
  isNew: false,
};
export const id = (n: number): TransferId => n.toString(16).padStart(32, '0') as TransferId;
export const peer = { id: 'b'.repeat(64) as PeerId, name: 'Ben', address: '10.0.0.2' };
export const empty = () => initialState(self, settingsSchema.parse({}), []);

export function offered(n: number): TransferEvent {
  return {
    kind: 'offered',
    transferId: id(n),
    mode: 'tls',
    peer,
    items: [],
    itemCount: 1,
    totals: { files: 1, directories: 0, bytes: 1000 },
    leftOutCount: 2,
  };
}

export function happened(event: TransferEvent, nowMs = 0): Change {
  return { kind: 'transferEvent', event, times: { nowMs, epochMs: nowMs + 5 } };
}

export const started: TransferEvent = { kind: 'started', transferId: id(1), keptBytes: 100 };
export const declined = {
  kind: 'ended',
  transferId: id(1),
  outcome: { kind: 'declined', code: 'DECLINED' },
} as const satisfies TransferEvent;
