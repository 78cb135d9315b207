import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ListedFile } from '../../shared/model/file-list.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { peer } from '../support/shown-devices.ts';
import { delivered, transfer, transferId } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';

/** If these fail, news of one transfer draw what they say nothing of, and the window stutters. */

const UPDATES = 10;
/** Of all functions, React's and the component library's too, for one row. */
const MOST_CALLS = 25_000;
const FILES = 100_000;

let host: HarnessHost;
let page: Page;
let session: CDPSession;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers');
  session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Performance.enable');
});
afterAll(() => host.stop());

const others = Array.from({ length: 30 }, (_, at) =>
  transfer(delivered, { id: transferId(100 + at) }),
);
const devices = Array.from({ length: 30 }, (_, at) => peer(`Device ${at}`));

function going(update: number, around: Partial<Snapshot>): Snapshot {
  const totals = { files: FILES, directories: 1, bytes: FILES * 4096 };
  const bytes = update * 4_096_000;
  const moved = { bytes, files: update * 1000, bytesPerSecond: 9_000_000, remainingMs: 20_000 };
  const phase = { phase: 'transferring', ...moved, limitedBy: 'network' } as const;
  const one = { ...transfer(phase, { id: transferId(1), totals }), hasFileList: true };
  return snapshot({ ...around, transfers: [one, ...(around.transfers ?? [])] });
}

function fileAt(at: number): ListedFile {
  const path = `many/file ${at + 1}`;
  const savedAs = `/home/mara/${path}`;
  return { at, path, bytes: 4096, state: 'waiting', renamedTo: null, savedAs, code: null };
}

async function open(around: Partial<Snapshot>, withFiles: boolean): Promise<void> {
  const counts = { all: FILES, failed: 0, renamed: 0, skipped: 0 };
  const files = Array.from({ length: 200 }, (_, at) => fileAt(at));
  const answers = { listFiles: { ok: true, value: { files, total: FILES, counts } } };
  await page.evaluate(([next, given]) => window.harness.open('desktop', next, given), [
    going(0, around),
    answers,
  ] as const);
  if (!withFiles) return;
  await page.locator('li[data-transfer] [aria-controls][aria-expanded=false]').first().click();
  await page.locator('[data-row="20"]').waitFor();
}

/** Shows all updates, and lets each be drawn for so many frames. */
async function update(around: Partial<Snapshot>, frames: number): Promise<void> {
  const updates = Array.from({ length: UPDATES }, (_, at) => going(at + 1, around));
  await page.evaluate(
    async ([all, count]) => {
      for (const next of all) {
        window.harness.show(next);
        for (let frame = 0; frame < count; frame += 1) {
          await new Promise((drawn) => requestAnimationFrame(drawn));
        }
      }
    },
    [updates, frames] as const,
  );
}

/** How often a function of the window runs for one of the updates. */
async function callsANews(around: Partial<Snapshot>, withFiles = false): Promise<number> {
  await open(around, withFiles);
  await session.send('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await update(around, 2);
  const { result } = await session.send('Profiler.takePreciseCoverage');
  await session.send('Profiler.stopPreciseCoverage');
  const counts = result.flatMap(({ functions }) => functions.map(({ ranges }) => ranges[0]?.count));
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) / UPDATES;
}

test('news of a transfer draw its row, and neither its files nor what else is there', async () => {
  const alone = await callsANews({});
  expect(alone).toBeGreaterThan(0);
  expect(alone).toBeLessThan(MOST_CALLS);
  expect(await callsANews({}, true)).toBeLessThan(alone * 1.2);
  // each of the others is looked at, and not drawn: that took nine times as much
  expect(await callsANews({ peers: devices, transfers: others })).toBeLessThan(alone * 3);
});

test('a line that moves is laid out when it gets news, and not in each frame', async () => {
  const layouts = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'LayoutCount')?.value ?? Number.NaN;
  };
  await open({}, true);
  const before = await layouts();
  await update({}, 10);
  expect((await layouts()) - before).toBeLessThanOrEqual(UPDATES * 2);
});

test('a long list draws a few more of its rows with each frame', async () => {
  await open({}, false);
  const most = await page.evaluate(async () => {
    const open = document.querySelector<HTMLElement>('[aria-controls][aria-expanded=false]');
    const added: number[] = [];
    const observer = new MutationObserver((records) => {
      const nodes = records.flatMap(({ addedNodes }) => [...addedNodes]);
      const rows = nodes.flatMap((node) => {
        if (!(node instanceof Element)) return [];
        return node.matches('[data-row]') ? [node] : [...node.querySelectorAll('[data-row]')];
      });
      added.push(rows.length);
    });
    observer.observe(document, { childList: true, subtree: true });
    open?.click();
    while (document.querySelector('[data-row="20"]') === null) {
      await new Promise((drawn) => requestAnimationFrame(drawn));
    }
    observer.disconnect();
    return Math.max(...added);
  });
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(10);
});
