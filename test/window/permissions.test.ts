import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';

/** If these fail, a person cannot say who sees them, what is taken unasked, and whom they will not hear. */

const { settings, visibility, self } = en.window;

let windows: Windows;
let ada: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  [ada, ben] = await windows.openPair('Ada', { pairs: true });
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

async function match({ engine }: TestWindow): Promise<void> {
  const coded = () => engine.snapshot().pairings.find(({ code }) => code !== null);
  await expect.poll(coded).toBeDefined();
  const pairingId = coded()?.pairingId;
  if (pairingId !== undefined) await engine.commands.answerPairing({ pairingId, answer: 'match' });
}

test('who sees this device is chosen, and said at the top', async () => {
  await ben.button(self.settings).click();
  const choice = ben.page.getByLabel(settings.visibility);
  await choice.selectOption('paired');
  await ben.page.getByText(visibility.pairedMore).waitFor();
  await ben.page.getByText(self.pairedAs).waitFor();
  await ada.peer(ben.name).waitFor({ state: 'detached' });
  await choice.selectOption('hidden');
  await ben.page.getByText(self.hiddenAs).waitFor();
  await choice.selectOption('everyone');
  await ben.page.getByText(self.visibleAs).waitFor();
  await ben.button(self.back).click();
  await ada.peer(ben.name).waitFor();
});

test('a paired device gets a rule with a size and a folder, and the networks say where it counts', async () => {
  await ada.engine.commands.pair({ key: ben.engine.snapshot().self.id });
  await Promise.all([match(ada), match(ben)]);
  await ben.peer(ada.name).getByText(en.window.peers.paired).waitFor();
  await ben.button(self.settings).click();
  const devices = ben.page.getByRole('region', { name: settings.paired });
  const rule = devices.getByRole('combobox');
  await rule.selectOption('1000000000');
  await devices.getByText(settings.acceptMore).waitFor();
  const album = windows.path('album');
  await devices.getByRole('button', { name: /^Change/ }).click();
  await devices.getByRole('textbox').fill(album);
  await devices.getByRole('button', { name: settings.use }).click();
  await devices.getByText(album).waitFor();
  const device = () => ben.engine.snapshot().paired[0];
  expect(device()?.rule).toEqual({ maxBytes: 1_000_000_000, directory: album });
  await devices.getByRole('button', { name: settings.acceptUsual }).click();
  await expect.poll(() => device()?.rule?.directory).toBeNull();
  await rule.selectOption('ask');
  await expect.poll(() => device()?.rule).toBeNull();
  await ben.page.getByRole('region', { name: settings.networks }).waitFor();
  await ben.button(self.back).click();
});

test('who is blocked is declined at once, and heard again when unblocked', async () => {
  await dropFiles(ada.peer(ben.name), [putFile(windows.path('pest.txt'), 10)]);
  await ben
    .offer(ada)
    .getByRole('button', { name: en.window.offer.block, exact: true })
    .and(ben.page.locator(':not([data-arming])'))
    .click();
  await ada.row('pest.txt').getByText(en.phase.send.declined).waitFor();
  await ada.row('pest.txt').getByRole('button', { name: /again/ }).click();
  await ada.row('pest.txt').getByText(en.phase.send.declined).waitFor();
  expect(await ben.offer(ada).count()).toBe(0);

  await ben.button(self.settings).click();
  const blocked = ben.page.getByRole('region', { name: settings.blocked });
  await blocked.getByRole('button', { name: /^Unblock/ }).click();
  await blocked.waitFor({ state: 'detached' });
  await ben.button(self.back).click();
  await ada.row('pest.txt').getByRole('button', { name: /again/ }).click();
  await ben.answer(ada, 'accept');
  await ada.row('pest.txt').getByText(en.phase.send.delivered).waitFor();
});
