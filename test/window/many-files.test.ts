import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ListedFile } from '../../shared/model/file-list.ts';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { transfer, transferId } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';

/** If this fails, the window does more at each news of a transfer the more files it has, and stutters. */

const UPDATES = 20;
/** Of all that changes in the page at one update: a row with its line, its figures and its curve. */
const MOST_CHANGES = 60;
const PAGE_FILES = 200;

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
});
afterAll(() => host.stop());

function fileAt(at: number): ListedFile {
  const state = at < 3 ? 'sent' : 'waiting';
  const path = `many/file ${at + 1}`;
  return { at, path, bytes: 4096, state, renamedTo: null, savedAs: null, code: null };
}

/** A transfer of so many files with its list open, as far as the update. */
function going(files: number, update: number) {
  const totals = { files, directories: 1, bytes: files * 4096 };
  const bytes = update * 40_960;
  const moved = { bytes, files: update * 10, bytesPerSecond: 9_000_000, remainingMs: 20_000 };
  const phase = { phase: 'transferring', ...moved, limitedBy: 'network' } as const;
  const one = { ...transfer(phase, { id: transferId(1), totals }), hasFileList: true };
  return snapshot({ transfers: [one] });
}

/** How often something changed in the page, and was asked of the engine, over all updates. */
async function changes(files: number): Promise<{ changed: number; asked: number }> {
  const counts = { all: files, failed: 0, renamed: 0, skipped: 0 };
  const rows = Array.from({ length: PAGE_FILES }, (_, at) => fileAt(at));
  const answers = { listFiles: { ok: true, value: { files: rows, total: files, counts } } };
  await page.evaluate(([next, given]) => window.harness.open('desktop', next, given), [
    going(files, 0),
    answers,
  ] as const);
  await page.locator('li[data-transfer] [aria-controls][aria-expanded=false]').click();
  await page.getByText('file 1', { exact: true }).waitFor();
  const updates = Array.from({ length: UPDATES }, (_, at) => going(files, at + 1));
  return page.evaluate(async (all) => {
    let changed = 0;
    const before = window.harness.asked.length;
    const observer = new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) {
        changed += Math.max(1, addedNodes.length + removedNodes.length);
      }
    });
    const what = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(document, what);
    for (const next of all) {
      window.harness.show(next);
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }
    observer.disconnect();
    return { changed, asked: window.harness.asked.length - before };
  }, updates);
}

test('what the window does while it moves does not grow with the files, their list open', async () => {
  const [few, many] = [await changes(PAGE_FILES), await changes(100_000)];
  expect(few.changed).toBeGreaterThan(UPDATES);
  expect(many.changed).toBeLessThanOrEqual(few.changed * 1.5);
  expect(many.changed).toBeLessThan(UPDATES * MOST_CHANGES);
  expect(many.asked).toBeLessThanOrEqual(UPDATES);
});
