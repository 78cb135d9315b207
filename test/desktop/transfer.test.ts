import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { start } from '../../electron/engine/engine.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { DesktopApp } from '../support/electron-stand-in/desktop-app.ts';
import {
  dropFiles,
  hasElectron,
  startDesktop,
} from '../support/electron-stand-in/start-desktop.ts';
import { root } from '../support/electron-stand-in/desktop-app.ts';
import { writeSettings } from './homes.ts';
import { listTree, makeTree } from './trees.ts';
import { HeldWire } from '../support/held-wire.ts';
import { NO_SHELL } from '../support/no-shell.ts';

/** The whole road, from what is dropped on the window to the disk of another engine, and back. */

let folder = '';
let inbox = '';
let partnerInbox = '';
let app: DesktopApp;
let page: Page;
let partner: Engine;
let silent: Engine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropline-transfer-'));
  const home = join(folder, 'home');
  inbox = join(folder, 'inbox');
  partnerInbox = join(folder, 'partner-inbox');
  for (const path of [home, inbox, partnerInbox]) await mkdir(path);
  await writeSettings(home, inbox);
  partner = await startPartner('Partner', 'all');
  silent = await startPartner('Silent', 'ask');
  app = await startDesktop({ home });
  page = await app.page();
});

afterAll(async () => {
  await app.stop();
  await Promise.all([partner.stop(), silent.stop()]);
  await rm(folder, { recursive: true, force: true });
});

function startPartner(deviceName: string, accept: 'all' | 'ask'): Promise<Engine> {
  return start({
    home: join(folder, deviceName),
    workers: pathToFileURL(join(root, 'out/main/')),
    shell: NO_SHELL,
    listen: 'tls',
    port: 0,
    deviceName,
    directory: partnerInbox,
    accept,
    discovery: false,
    interface: 'lo',
  });
}

const snapshotOfWindow = (): Promise<Snapshot> =>
  page.evaluate(
    () =>
      new Promise<Snapshot>((told) => {
        window.dropline.subscribe(told);
      }),
  );

/** Lists an engine in the window by its address, and answers where it is shown. */
function listInWindow(engine: Engine) {
  return listAtAddress(`127.0.0.1:${String(engine.snapshot().self.port)}`);
}

async function listAtAddress(address: string) {
  await page.evaluate((given) => window.dropline.call('addPeer', { address: given }), address);
  await expect
    .poll(async () => (await snapshotOfWindow()).peers.map((peer) => peer.key))
    .toContain(`address:${address}`);
  const { peers } = await snapshotOfWindow();
  const place = peers.findIndex((peer) => peer.key === `address:${address}`);
  const list = page.getByRole('list', { name: en.window.peers.title });
  return list.getByRole('listitem').nth(place);
}

/** The partner sends to the window's engine; comes back as soon as it is on its way. */
async function sendToWindow(paths: readonly string[]): Promise<void> {
  const { selectionId } = await partner.stagePaths(paths);
  const { port } = (await snapshotOfWindow()).self;
  const to = { kind: 'address', host: '127.0.0.1', port, expectedPeerId: null } as const;
  await partner.commands.send({ selectionId, to, mode: 'tls' });
}

/** A prompt that has just come takes no answer yet. */
const press = (name: string) =>
  page
    .getByRole('button', { name, exact: true })
    .and(page.locator(':not([data-arming])'))
    .first()
    .click();

test('a folder dropped on a device arrives there whole', async () => {
  const holiday = join(folder, 'holiday');
  await makeTree(holiday);
  const card = await listInWindow(partner);
  await dropFiles(card, [holiday]);
  await page.getByText(en.phase.send.delivered).first().waitFor();
  expect(await listTree(join(partnerInbox, 'holiday'))).toEqual(await listTree(holiday));
  expect(partner.snapshot().transfers[0]).toMatchObject({ phase: 'delivered', verified: true });
});

test('several files dropped at once arrive beside one another', async () => {
  const desk = join(folder, 'desk');
  await mkdir(desk);
  await writeFile(join(desk, 'one.txt'), 'one');
  await writeFile(join(desk, 'zwei ü.bin'), Buffer.alloc(3_000_000, 7));
  const files = Object.keys(await listTree(desk)).map((name) => join(desk, name));
  await dropFiles(await listInWindow(partner), files);
  await expect.poll(() => partner.snapshot().transfers.length).toBe(2);
  await expect.poll(() => partner.snapshot().transfers[0]?.phase).toBe('delivered');
  expect(await listTree(partnerInbox)).toMatchObject(await listTree(desk));
});

test('an offer that comes while nobody looks is shown by the system, and accepted in the window', async () => {
  const gift = join(folder, 'gift');
  await makeTree(gift);
  await app.emit('blur');
  await sendToWindow([gift]);
  expect(await app.recorded('notification')).toMatchObject({
    title: 'Partner wants to send you something',
    body: expect.stringMatching(/^gift \(.*\)$/) as string,
  });
  await app.emit('notification-click');
  await press(en.window.offer.accept);
  await page.getByText(en.phase.receive.delivered).first().waitFor();
  expect(await listTree(join(inbox, 'gift'))).toEqual(await listTree(gift));
});

test.skipIf(hasElectron)(
  'the notification led to the window, and went with the answer',
  async () => {
    expect(await app.recorded('focus')).toBeNull();
    expect(app.records('notification')).toHaveLength(1);
    expect(await app.recorded('notificationClosed')).toEqual(app.records('notification')[0]);
  },
);

test.skipIf(hasElectron)('a badge lay on the icon in the task bar while it waited', () => {
  const overlays = app.records('overlay') as {
    readonly isShown: boolean;
    readonly words: string;
  }[];
  const words = en.desktop.tray.waiting_one.replace('{{count, number}}', '1');
  expect(overlays.find(({ isShown }) => isShown)).toEqual({ isShown: true, words });
  expect(overlays.at(-1)).toEqual({ isShown: false, words: '' });
});

test('what was received is shown in the file manager, and nothing else ever was', async () => {
  await press(en.window.transfers.revealOf.replace('{{what}}', 'gift'));
  expect(await app.recorded('showItemInFolder')).toBe(join(inbox, 'gift'));
  expect(app.records('showItemInFolder')).toHaveLength(1);
});

test('an offer is saved in the folder that the system dialog gives', async () => {
  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(folder, 'letter.txt'), 'Dear Zoë');
  await sendToWindow([join(folder, 'letter.txt')]);
  await app.answer('showOpenDialog', { canceled: false, filePaths: [elsewhere] });
  await press(en.window.offer.saveTo);
  await page.getByText(`Will be saved in ${elsewhere}`).waitFor();
  await press(en.window.offer.accept);
  await expect.poll(async () => Object.keys(await listTree(elsewhere))).toEqual(['letter.txt']);
  expect(Object.keys(await listTree(inbox))).not.toContain('letter.txt');
});

test('what a person picks in the system dialog is ready to be sent', async () => {
  await app.answer('showOpenDialog', { canceled: true, filePaths: [] });
  await press(en.window.send.folder);
  await app.answer('showOpenDialog', { canceled: false, filePaths: [join(folder, 'holiday')] });
  await press(en.window.send.folder);
  await page.getByText(en.window.send.putBack).first().waitFor();
  await press(en.window.send.putBack);
});

// What holds the system awake, in Electron, is nothing that a test can see.
test.skipIf(hasElectron)(
  'the computer is kept awake while bytes move, and let go after',
  async () => {
    const wire = await HeldWire.open(partner.snapshot().self.port ?? 0, 1_500_000);
    const before = app.records('powerSaveStart').length;
    const held = () => {
      const stopped = new Set(app.records('powerSaveStop').map((value) => (value as Held).id));
      return app.records('powerSaveStart').filter((value) => !stopped.has((value as Held).id));
    };
    expect(held()).toEqual([]);
    const film = join(folder, 'film.mp4');
    await writeFile(film, Buffer.alloc(3_000_000, 5));
    await dropFiles(await listAtAddress(wire.address), [film]);
    await expect
      .poll(held)
      .toEqual([{ id: expect.any(Number) as number, type: 'prevent-app-suspension' }]);
    wire.letGo();
    await expect.poll(() => partner.snapshot().transfers[0]?.phase).toBe('delivered');
    await expect.poll(held).toEqual([]);
    expect(app.records('powerSaveStart').length).toBe(before + 1);
    await wire.stop();
  },
);

interface Held {
  readonly id: number;
}

test('closing the window while a transfer waits asks first, and then stops it', async () => {
  const card = await listInWindow(silent);
  await dropFiles(card, [join(folder, 'letter.txt')]);
  await expect.poll(() => silent.snapshot().transfers[0]?.phase).toBe('offered');

  await app.emit('close');
  expect(await app.recorded('showMessageBox')).toMatchObject({
    message: en.desktop.stillRunning,
    buttons: [en.desktop.keepGoing, en.desktop.stopAndQuit],
  });
  await app.answer('showMessageBox', { response: 0 });
  expect(silent.snapshot().transfers[0]?.phase).toBe('offered');

  await app.answer('showMessageBox', { response: 1 });
  await expect
    .poll(async () => {
      await app.emit('close');
      return silent.snapshot().transfers[0]?.phase;
    })
    .not.toBe('offered');
  expect(await app.exitCode).toBe(0);
});
