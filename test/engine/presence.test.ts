import { expect, test } from 'vitest';
import { Presence } from '../../electron/engine/presence.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type { ToReceiveWorker } from '../../electron/engine/transfer/worker-messages.ts';
import type { BlockedPeer } from '../../shared/model/blocked-peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import { HandClock } from '../support/hand-clock.ts';
import { self } from '../support/shown-devices.ts';
import { sending } from '../support/shown-transfers.ts';

/** If this fails, whoever was blocked while the port was opened anew comes in by it. */

test('a port that was opened anew hears who is blocked', () => {
  const blocked: BlockedPeer = { id: sending.peer.id!, name: 'x', isStored: true };
  const store = new Store(initialState(self, settingsSchema.parse({}), []), new HandClock());
  const heard: ToReceiveWorker[] = [];
  const presence = new Presence({
    store,
    discovery: false,
    trust: { devices: [], acquaintances: [] },
    threads: { receive: { post: (message: ToReceiveWorker) => heard.push(message) } },
  } as never);
  store.apply({ kind: 'blocked', blocked: [blocked] });
  presence.update();
  expect(heard).toContainEqual({ kind: 'blocked', peerIds: [blocked.id] });
});
