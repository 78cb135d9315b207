import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import en from '../../shared/text/en.json' with { type: 'json' };
import { dropFiles } from '../support/electron-stand-in/start-desktop.ts';
import type { TestWindow } from '../support/test-window.ts';
import { putFile } from '../support/trees.ts';
import { Windows } from '../support/windows.ts';

/** Names that a stranger gives are words in the window, never markup, and turn nothing around them. */

const DEVICE = '<img src=x onerror=alert(1)> \u05e9\u05dc\u05d5\u05dd';
const FILE = 'invoice\u202efdp <b>bold<b> <script>alert(1)<script>.txt';
const SHOWN_FILE = FILE.replace('\u202e', '\ufffd');

let windows: Windows;
let mallory: TestWindow;
let ben: TestWindow;

beforeAll(async () => {
  windows = await Windows.start();
  mallory = await windows.open(DEVICE);
  ben = await windows.open('Ben');
  await ben.peer(mallory.name).waitFor();
});

afterEach(() => windows.settle());
afterAll(() => windows.stop());

/** Elements that only a name could have made. */
const made = () => ben.page.locator('img, script:not([src]), main b, iframe').count();

async function isName(text: string): Promise<void> {
  const names = ben.page.locator('bdi').getByText(text, { exact: true });
  expect(await names.count()).toBeGreaterThan(0);
}

test('in the list of devices', async () => {
  await isName(mallory.name);
  expect(await made()).toBe(0);
});

describe('of an offer', () => {
  test('in the prompt and in the list of transfers', async () => {
    await dropFiles(mallory.peer(ben.name), [putFile(windows.path('odd', FILE), 9)]);
    const prompt = ben.offer(mallory);
    await prompt.waitFor();
    expect((await prompt.getByRole('heading').innerText()).trim()).toBe(
      `${mallory.name} wants to send you ${SHOWN_FILE}`,
    );
    await isName(mallory.name);
    await isName(SHOWN_FILE);
    await ben.answer(mallory, 'accept');
    await ben.row(SHOWN_FILE).getByText(en.phase.receive.delivered).waitFor();
    await isName(SHOWN_FILE);
    expect(await made()).toBe(0);
  });

  test('in what is read out by a screen reader', async () => {
    await dropFiles(mallory.peer(ben.name), [putFile(windows.path('read', FILE), 9)]);
    const said = ben.page.getByRole('status').getByText(SHOWN_FILE);
    await said.waitFor({ state: 'attached' });
    expect(await made()).toBe(0);
    expect(await ben.page.locator('body').innerText()).not.toContain('\u202e');
  });
});

describe('what a name hides is said beside it', () => {
  const names = en.window.names;
  const blanks = '\u00a0'.repeat(40);

  async function badgesOf(...files: readonly string[]): Promise<readonly string[]> {
    const paths = files.map((name) => putFile(windows.path('badges', name), 9));
    await dropFiles(mallory.peer(ben.name), paths);
    const prompt = ben.offer(mallory);
    await prompt.waitFor();
    const said = await prompt.locator('[data-badges]').allInnerTexts();
    await ben.answer(mallory, 'decline');
    await prompt.waitFor({ state: 'detached' });
    return said.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }

  test('of one file: its kind by itself, and each thing that is odd', async () => {
    expect(await badgesOf(`holiday.jpg${blanks}.exe`)).toEqual([
      `.exe ${names.program.badge} ${names.twoExtensions.badge} ${names.longBlanks.badge}`,
    ]);
  });

  test('of several files, each beside its own name', async () => {
    expect(await badgesOf('letter.pdf', '\u0440aypal.txt', '.bashrc', 'go.sh')).toEqual([
      '.pdf',
      `.txt ${names.mixedLetters.badge}`,
      `.bashrc ${names.readByPrograms.badge}`,
      `.sh ${names.program.badge}`,
    ]);
  });
});

test('of many files of a folder, in what was left out and what failed', async () => {
  const folder = windows.path('<i>folder<i>');
  putFile(join(folder, FILE), 3);
  await dropFiles(mallory.peer(ben.name), [folder]);
  await ben.answer(mallory, 'decline');
  await ben.row('<i>folder<i>').getByText(en.phase.receive.declined).waitFor();
  expect(await ben.page.locator('main i').count()).toBe(0);
});
