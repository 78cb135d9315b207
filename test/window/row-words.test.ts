import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import type { ListedFile } from '../../shared/model/file-list.ts';
import { MAX_FILES_A_PAGE } from '../../shared/model/file-list.ts';
import type { Transfer, TransferPhase } from '../../shared/model/transfer.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { delivered, sending, transfer } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';

/** If these fail, a row says of a transfer what is not so. */

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
});
afterAll(() => host.stop());

async function draw(one: Transfer, answers: Readonly<Record<string, unknown>> = {}) {
  await page.evaluate(([next, given]) => window.harness.open('desktop', next, given), [
    snapshot({ transfers: [one] }),
    answers,
  ] as const);
  return page.locator('li[data-transfer]');
}

const cut = (code: ErrorCode): TransferPhase => ({
  phase: 'interrupted',
  bytes: 1_000,
  failure: { code, details: {} },
});

test.each(['send', 'receive'] as const)('a disk that is full is named: %s', async (direction) => {
  const row = await draw(transfer(cut('DISK_FULL'), { direction }));
  await row.getByText(en.phase[direction].noRoom).waitFor();
});

test('only the person whose disk is full is told that there is too little room on it', async () => {
  const { what } = en.error.DISK_FULL;
  const theirs = await draw(transfer(cut('DISK_FULL'), { direction: 'send' }));
  await theirs.getByText(en.phase.send.noRoom).waitFor();
  expect(await theirs.getByText(what).count()).toBe(0);
  const ours = await draw(transfer(cut('DISK_FULL'), { direction: 'receive' }));
  await ours.getByText(what).waitFor();
});

test.each([
  ['all of it is there and checked', delivered, 'knot'],
  ['nobody has checked it', { ...delivered, verified: false }, 'slack'],
  ['a file is missing', { ...delivered, failed: { count: 1, examples: [] } }, 'slack'],
])('a knot is tied only where all is there and checked: %s', async (_what, phase, state) => {
  const row = await draw(transfer(phase));
  expect(await row.locator('[data-state]').first().getAttribute('data-state')).toBe(state);
});

test('what was left out is called links only where it is known of each that it is one', async () => {
  const examples = ['a', 'b'].map((path) => ({ path, code: 'SOURCE_IS_LINK' }) as const);
  const all = await draw(transfer(delivered, { leftOut: { count: 2, examples } }));
  await all.getByText('2 links were left out').waitFor();
  const some = await draw(transfer(delivered, { leftOut: { count: 9, examples } }));
  await some.getByText('9 things were left out').waitFor();
});

function file(path: string, at = 0): ListedFile {
  return { at, path, bytes: 1, state: 'sent', renamedTo: null, savedAs: null, code: null };
}

function pageOf(files: readonly ListedFile[], total = files.length) {
  const counts = { all: total, failed: 0, renamed: 0, skipped: 0 };
  return { ok: true, value: { files, total, counts } };
}

async function drawFiles(answer: unknown): Promise<void> {
  const row = await draw({ ...sending, hasFileList: true }, { listFiles: answer });
  await row.locator('[aria-controls][aria-expanded=false]').click();
}

test('the paths of all files are copied, however many pages that takes', async () => {
  const total = MAX_FILES_A_PAGE + 5;
  await drawFiles(pageOf([file('one')], total));
  await page.getByText('one', { exact: true }).waitFor();
  await page.evaluate(() => void (window.harness.asked.length = 0));
  await page.getByRole('button', { name: en.window.files.copy, exact: true }).click();
  const { copied, notCopied } = en.window.files;
  await page.getByText(copied).or(page.getByText(notCopied)).waitFor();
  const asked = await page.evaluate(() => window.harness.asked);
  const pages = asked.flatMap(([name, input]) => (name === 'listFiles' ? [input] : []));
  expect(pages).toContainEqual(expect.objectContaining({ from: 0, count: MAX_FILES_A_PAGE }));
  expect(pages).toContainEqual(
    expect.objectContaining({ from: MAX_FILES_A_PAGE, count: MAX_FILES_A_PAGE }),
  );
});

test('an answer that comes late does not show the files of what was searched for before', async () => {
  await drawFiles(pageOf([file('first')]));
  await page.getByText('first', { exact: true }).waitFor();
  const search = page.getByRole('searchbox', { name: en.window.files.search });
  // what is searched for first is answered last
  await page.evaluate(
    (late) => {
      const slow = new Promise((resolve) => {
        document.addEventListener('late', () => resolve(late), { once: true });
      });
      window.harness.answers.set('listFiles', slow);
    },
    pageOf([file('late')]),
  );
  await search.fill('l');
  await page.evaluate(
    (answer) => {
      window.harness.answers.set('listFiles', answer);
    },
    pageOf([file('latest')]),
  );
  await search.fill('la');
  await page.getByText('latest', { exact: true }).waitFor();
  await page.evaluate(async () => {
    document.dispatchEvent(new Event('late'));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
  expect(await page.getByText('late', { exact: true }).count()).toBe(0);
  expect(await page.getByText('latest', { exact: true }).count()).toBe(1);
});
