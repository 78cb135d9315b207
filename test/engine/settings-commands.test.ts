import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Ground } from '../support/engines.ts';
import { NO_SHELL } from '../support/no-shell.ts';
import { putFile } from '../support/trees.ts';

const ground = new Ground();

afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

test('what is set is there after a restart, and what is not named stays', async () => {
  const first = await ground.start('Anna');
  await first.engine.commands.setSettings({ theme: 'dark', sendBytesPerSecond: 1_000_000 });
  await first.engine.commands.setSettings({ openAtLogin: true, closeToTray: true });
  await ground.stopEngines();
  expect((await ground.start('Anna')).engine.snapshot().settings).toMatchObject({
    theme: 'dark',
    sendBytesPerSecond: 1_000_000,
    openAtLogin: true,
    closeToTray: true,
    visibility: 'everyone',
  });
});

test('a limit holds what is sent, says so, and lets it go when it is lifted', async () => {
  const [anna, ben] = [await ground.start('Anna 2'), await ground.start('Ben 2')];
  // as it is told to a thread that has not begun, and to one that has
  await anna.engine.commands.setSettings({ sendBytesPerSecond: 16 * 1024 });
  const id = await anna.send([putFile(ground.path('big.bin'), 8_000_000)], ben);
  await anna.when(({ transfers }) =>
    transfers.some((one) => one.phase === 'transferring' && one.limitedBy === 'ourSetting'),
  );
  await anna.engine.commands.setSettings({ sendBytesPerSecond: null });
  await anna.until(id, 'delivered');
});

test('the log and the folder for what arrives are shown where they are', async () => {
  const shown: string[] = [];
  const shell = { ...NO_SHELL, reveal: async (path: string) => void shown.push(path) };
  const { engine } = await ground.start('Anna 3', { shell });
  await engine.commands.revealLog({});
  await engine.commands.revealFolder({});
  const log = join(ground.path('Anna 3-home'), 'log', 'dropline.log');
  expect(shown).toEqual([log, ground.path('Anna 3-inbox')]);
});
