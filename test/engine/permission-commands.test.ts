import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Handles } from '../../electron/engine/handles.ts';
import { createPermissionCommands } from '../../electron/engine/permission-commands.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type { Trust } from '../../electron/engine/trust.ts';
import { loadTrust } from '../../electron/engine/trust.ts';
import type { ListedNetwork, NetworkId } from '../../shared/model/network.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import { HandClock } from '../support/hand-clock.ts';
import { self } from '../support/shown-devices.ts';

/** If these fail, what a person has allowed goes elsewhere, or what they took back is still allowed. */

const ANNA = 'ab'.repeat(32) as PeerId;
const HOME: ListedNetwork = {
  id: '11'.repeat(16) as NetworkId,
  label: '192.168.1.1',
  isTrusted: false,
  isHere: true,
};
const WORK: ListedNetwork = { ...HOME, id: '22'.repeat(16) as NetworkId, label: '10.0.0.1' };

let home: string;
let trust: Trust;
let store: Store;
let handles: Handles;
let commands: ReturnType<typeof createPermissionCommands>;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dropline-permissions-'));
  trust = await loadTrust(home);
  await trust.add(
    { id: ANNA, name: 'Anna', platform: 'linux', pairedAtMs: 0, rule: null },
    'c'.repeat(64),
  );
  store = new Store(initialState(self, settingsSchema.parse({}), []), new HandClock());
  store.apply({ kind: 'networks', networks: [HOME, WORK] });
  handles = new Handles();
  const manager = { networks: { list: () => undefined } } as never;
  commands = createPermissionCommands({ store, trust, manager, handles, home });
});
afterEach(() => {
  store.stop();
  rmSync(home, { recursive: true });
});

const ruleOf = async () => (await loadTrust(home)).devices[0]?.rule;
const trusted = () => {
  const kept: unknown = JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'));
  return settingsSchema.parse(kept).trustedNetworks.map(({ id }) => id);
};

test('another limit leaves the folder as it was, and no rule leaves none', async () => {
  const album = join(home, 'album');
  mkdirSync(album);
  const { folderId } = await handles.nameFolder(album);
  await commands.setAccept({ peerId: ANNA, accept: { maxBytes: 100 } });
  await commands.setAcceptFolder({ peerId: ANNA, folderId });
  await commands.setAccept({ peerId: ANNA, accept: { maxBytes: null } });
  expect(await ruleOf()).toEqual({ maxBytes: null, directory: handles.folder(folderId) });
  await commands.setAccept({ peerId: ANNA, accept: null });
  expect(await ruleOf()).toBeNull();
  await commands.setAcceptFolder({ peerId: ANNA, folderId });
  expect(await ruleOf()).toBeNull();
});

test('nobody who is not paired gets a rule', async () => {
  const peerId = 'cd'.repeat(32) as PeerId;
  const asked = commands.setAccept({ peerId, accept: { maxBytes: null } });
  await expect(asked).rejects.toMatchObject({ code: 'PEER_NOT_FOUND' });
});

test('a network is trusted once, and not any more when that is taken back', async () => {
  for (const { id } of [HOME, WORK, HOME]) {
    await commands.trustNetwork({ networkId: id, trusted: true });
  }
  expect(trusted()).toEqual([WORK.id, HOME.id]);
  await commands.trustNetwork({ networkId: HOME.id, trusted: false });
  expect(trusted()).toEqual([WORK.id]);
  expect(store.state.settings.trustedNetworks.map(({ id }) => id)).toEqual([WORK.id]);
});

test('a network that this computer was never on is not trusted', async () => {
  await commands.trustNetwork({ networkId: '33'.repeat(16) as NetworkId, trusted: true });
  expect(trusted()).toEqual([]);
});
