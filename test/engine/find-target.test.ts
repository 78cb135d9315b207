import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPlainlyAddress, parseAddress } from '../../electron/engine/address.ts';
import { findTarget } from '../../electron/engine/find-target.ts';
import { Handles, usableDirectory } from '../../electron/engine/handles.ts';
import { Store } from '../../electron/engine/state/store.ts';
import { realClock } from '../../electron/engine/transfer/ports.ts';
import type { Peer, PeerId } from '../../shared/model/peer.ts';
import { empty } from '../support/store-events.ts';

/** What a person means: addresses, names, paths. */

test.each([
  ['10.0.0.1', '10.0.0.1', null],
  [' 10.0.0.1:80 ', '10.0.0.1', 80],
  ['host', 'host', null],
  ['host.local:65535', 'host.local', 65535],
  ['fe80::1%eth0', 'fe80::1%eth0', null],
  ['[fe80::1%eth0]:4000', 'fe80::1%eth0', 4000],
  ['::1', '::1', null],
  ['[::1]', '::1', null],
])('%s is an address', (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port });
});

test.each([
  '',
  ' ',
  'a b',
  'host:',
  'host:0',
  'host:65536',
  'host:80:90',
  '[::1',
  '[host]:1',
  '[]',
  'a/b',
  'host:1x',
])('%j is none', (text) => {
  expect(parseAddress(text)).toBeNull();
});

test('no text makes the reading throw, and what is read has a host and a possible port', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const address = parseAddress(text);
      if (address === null) return;
      expect(address.host).not.toBe('');
      expect(address.port === null || (address.port > 0 && address.port < 65536)).toBe(true);
    }),
  );
});

test('a bare word may be a device, anything with a port is an address', () => {
  const plainly = (text: string): boolean => isPlainlyAddress(parseAddress(text)!);
  expect(['laptop', 'laptop:1', '10.0.0.1', '::1', 'localhost'].map(plainly)).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
});

function peer(n: number, name: string): Peer {
  const id = n.toString(16).padStart(64, '0') as PeerId;
  const addresses = ['10.0.0.1'];
  return { key: id, id, name, platform: 'linux', addresses, port: 1, foundBy: 'discovery' };
}

/** Names with a blank: no DNS is ever asked for them. */
describe('a device by its name', () => {
  let store: Store;
  const appear = (...peers: readonly Peer[]): void => store.apply({ kind: 'discovered', peers });
  const find = (text: string, waitMs = 20_000, discovery = true) =>
    findTarget(text, { store, waitMs, discovery });

  beforeEach(() => {
    store = new Store(empty(), realClock);
  });

  test('that is there is found, however it is written', async () => {
    appear(peer(1, "Ben's laptop"), peer(2, 'Other one'));
    expect(await find("BEN'S LAPTOP")).toEqual({ kind: 'peer', key: peer(1, '').key });
  });

  test('that appears later is found', async () => {
    const found = find("Ben's laptop");
    appear(peer(2, 'Other one'));
    appear(peer(2, 'Other one'), peer(1, "Ben's laptop"));
    expect(await found).toEqual({ kind: 'peer', key: peer(1, '').key });
  });

  test('that two devices have is ambiguous, and both ids are told', async () => {
    const found = expect(find("Ben's laptop")).rejects.toMatchObject({
      code: 'PEER_AMBIGUOUS',
      details: { ids: `${peer(1, '').key}, ${peer(2, '').key}` },
    });
    appear(peer(1, "Ben's laptop"));
    appear(peer(1, "Ben's laptop"), peer(2, "ben's laptop"));
    await found;
  });

  test('that was paired means the paired one, whoever else is called so', async () => {
    const id = peer(1, '').key as PeerId;
    const device = {
      id,
      name: "Ben's laptop",
      platform: 'linux',
      pairedAtMs: 0,
      rule: null,
    } as const;
    store.apply({ kind: 'paired', devices: [device] });
    appear(peer(2, "Ben's laptop"));
    await expect(find("Ben's laptop", 0)).rejects.toMatchObject({ code: 'PEER_NOT_FOUND' });
    appear(peer(2, "Ben's laptop"), peer(1, 'Renamed'));
    expect(await find("Ben's laptop")).toEqual({ kind: 'peer', key: id });
    expect(store.snapshot.peers).toMatchObject([
      { name: "Ben's laptop", paired: false, calledLike: id },
      { name: "Ben's laptop", paired: true, calledLike: null },
    ]);
    // by its id it can be had all the same
    expect(await find(peer(2, '').key)).toEqual({ kind: 'peer', key: peer(2, '').key });
  });

  test('that does not appear is not found, and without discovery not waited for', async () => {
    await expect(find('no body', 0)).rejects.toMatchObject({ code: 'PEER_NOT_FOUND' });
    await expect(find('no body', 1e9, false)).rejects.toMatchObject({ code: 'PEER_NOT_FOUND' });
  });

  test('an id names its device, an address needs none', async () => {
    appear(peer(1, "Ben's laptop"));
    expect(await find(peer(1, '').key)).toEqual({ kind: 'peer', key: peer(1, '').key });
    expect(await find('[::1]:5', 0, false)).toEqual({
      kind: 'address',
      host: '::1',
      port: 5,
      expectedPeerId: null,
    });
  });
});

describe('what a person picked', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dropline-handles-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('goes by ids that only its own handles know', async () => {
    writeFileSync(join(folder, 'a.txt'), '');
    const handles = new Handles();
    const { selectionId, items, itemCount } = await handles.stagePaths([
      join(folder, 'a.txt'),
      folder,
    ]);
    expect(selectionId).toMatch(/^[0-9a-f]{32}$/);
    expect(items.map(({ kind }) => kind)).toEqual(['file', 'folder']);
    expect(itemCount).toBe(2);
    expect(handles.selection(selectionId)).toEqual({
      kind: 'paths',
      paths: [join(folder, 'a.txt'), folder],
    });
    expect(() => new Handles().selection(selectionId)).toThrow('SELECTION_GONE');
    expect(() => handles.folder(selectionId)).toThrow('SELECTION_GONE');
  });

  test('is refused in words where it is not there, or nothing', async () => {
    const handles = new Handles();
    const gone = handles.stagePaths([join(folder, 'gone')]);
    await expect(gone).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
    await expect(handles.stagePaths([])).rejects.toMatchObject({ code: 'NOTHING_TO_SEND' });
  });

  test('of many handles the oldest are forgotten', async () => {
    const handles = new Handles();
    const first = await handles.stagePaths([folder]);
    let last = first;
    for (let n = 0; n < 1_000; n++) last = await handles.stagePaths([folder]);
    expect(() => handles.selection(first.selectionId)).toThrow('SELECTION_GONE');
    expect(handles.selection(last.selectionId)).toBeTruthy();
  });

  test('a folder to save in is made where it is missing, and told where it cannot be', async () => {
    expect(await usableDirectory(join(folder, 'new', 'er'))).toBe(join(folder, 'new', 'er'));
    const long = join(folder, ...Array.from({ length: 3 }, () => 'x'.repeat(120)));
    expect(await usableDirectory(long)).toBe(long);
    writeFileSync(join(folder, 'file'), '');
    const unusable = { code: 'DIRECTORY_UNUSABLE' };
    await expect(usableDirectory(join(folder, 'file'))).rejects.toMatchObject(unusable);
    await expect(usableDirectory(join(folder, 'file', 'x'))).rejects.toMatchObject(unusable);
  });
});
