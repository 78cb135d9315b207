import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { everyPhase, totals, transfer, transferId } from '../support/shown-transfers.ts';
import { snapshot } from '../support/snapshots.ts';
import { show } from './views.ts';

/** If these fail, the line shows another thing than what becomes of the bytes, or moves for who asked it not to. */

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
});
afterAll(() => host.stop());

const rowOf = ({ id }: Transfer) => page.locator(`[data-transfer="${id}"]`);
const lineOf = (one: Transfer) => rowOf(one).locator('[role=progressbar] [data-state]');

async function draw(...transfers: readonly Transfer[]): Promise<void> {
  await page.evaluate((next) => window.harness.open('desktop', next, {}), snapshot({ transfers }));
  await rowOf(transfers[0] ?? expect.fail('none')).waitFor();
}

const LINES: Partial<Record<Transfer['phase'], string>> = {
  preparing: 'slack',
  connecting: 'slack',
  waiting: 'slack',
  transferring: 'drawn',
  paused: 'slack',
  finishing: 'taut',
  interrupted: 'broken',
};

test('the line is drawn, hangs, breaks and draws tight as its transfer does', async () => {
  const shown = everyPhase.filter(({ phase }) => phase in LINES);
  await draw(...shown);
  const states = await Promise.all(shown.map((one) => lineOf(one).getAttribute('data-state')));
  expect(states).toEqual(shown.map(({ phase }) => LINES[phase]));
});

test('only what is whole and checked ends in a knot', async () => {
  const ended = everyPhase.filter(({ phase }) => phase === 'delivered');
  await draw(...ended);
  for (const one of ended) {
    const isWhole = one.phase === 'delivered' && one.verified && one.failed.count === 0;
    expect(await lineOf(one).getAttribute('data-state')).toBe(isWhole ? 'knot' : 'slack');
  }
  expect(ended.some((one) => one.phase === 'delivered' && !one.verified)).toBe(true);
});

test('a line that was taken up again shows where it had broken', async () => {
  const moving = everyPhase.find(({ phase }) => phase === 'transferring') ?? expect.fail('none');
  const again = transfer(moving, { id: transferId(999), keptBytes: totals.bytes / 4 });
  await draw(moving, again);
  expect(await lineOf(moving).locator('[data-taken-up]').count()).toBe(0);
  const along = await lineOf(again).evaluate((line) => {
    const mark = line.querySelector('[data-taken-up]')?.getBoundingClientRect();
    const { x, width } = line.getBoundingClientRect();
    return mark === undefined ? null : (mark.x + mark.width / 2 - x) / width;
  });
  expect(along).toBeCloseTo(0.25, 2);
});

test('the other device is at its own end of the line', async () => {
  const sent = everyPhase.find(({ direction }) => direction === 'send') ?? expect.fail('none');
  const received = everyPhase.find(({ phase, direction }) => {
    return phase === 'transferring' && direction === 'receive';
  });
  await draw(sent, received ?? expect.fail('none'));
  const ends = (one: Transfer) =>
    lineOf(one).evaluate(({ previousElementSibling, nextElementSibling }) => [
      previousElementSibling !== null,
      nextElementSibling !== null,
    ]);
  expect(await ends(sent)).toEqual([false, true]);
  expect(await ends(received ?? sent)).toEqual([true, false]);
});

test('a line that draws tight moves, but not for who asked for no motion', async () => {
  const moving = () =>
    page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === 'running').length,
    );
  const taut = everyPhase.find(({ phase }) => phase === 'finishing') ?? expect.fail('none');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await draw(taut);
  await expect.poll(moving).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving).toBe(0);
});

describe('while something is held over the window', () => {
  const line = () => page.locator('svg[data-held]');

  test('a line leads to the face of whom a release would give it to', async () => {
    await show(page, 'draggingToOne', 'en');
    expect(await line().getAttribute('data-held')).toBe('bound');
    const gapPx = await line().evaluate((svg) => {
      const path = svg.querySelector('path');
      const face = document.querySelector('li:nth-child(2) [data-drop-end]');
      if (path === null || face === null) return null;
      const end = path.getPointAtLength(path.getTotalLength());
      const { x, y, width, height } = face.getBoundingClientRect();
      return Math.hypot(end.x - x - width / 2, end.y - y - height / 2) - width / 2;
    });
    expect(gapPx).toBeCloseTo(0, 0);
  });

  test('what came in over a device needs no way to it', async () => {
    await show(page, 'console', 'en');
    const to = page.locator('li:nth-child(2) > [data-peer]');
    await to.evaluate((card) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['.'], 'Tickets.pdf'));
      const { x, y, width } = card.getBoundingClientRect();
      for (const clientX of [x + width - 9, x + width / 2]) {
        const like = { bubbles: true, cancelable: true, dataTransfer, clientX, clientY: y + 9 };
        card.dispatchEvent(new DragEvent('dragover', like));
      }
    });
    await page.getByText('Release to send').waitFor();
    expect(await line().count()).toBe(0);
  });

  test('it is loose where nobody would get it, and gone when it has left', async () => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await show(page, 'dragging', 'en');
    expect(await line().getAttribute('data-held')).toBe('loose');
    expect(await line().isVisible()).toBe(true);
    // what follows the hand moves
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await line().isVisible()).toBe(false);
    await page.evaluate(() =>
      document.querySelector('main')?.dispatchEvent(new DragEvent('dragleave', { bubbles: true })),
    );
    expect(await line().count()).toBe(0);
  });

  test('nothing moves under it', async () => {
    await show(page, 'console', 'en');
    const card = page.locator('li:nth-child(2) > [data-peer]');
    const before = await card.boundingBox();
    for (const view of ['dragging', 'draggingToOne'] as const) {
      await show(page, view, 'en');
      const desktop = await card.boundingBox();
      expect(desktop?.height).toBe(before?.height);
    }
    await show(page, 'console', 'en');
    await hold('dragenter');
    await page.getByText('Release, then choose').waitFor();
    expect(await card.boundingBox()).toEqual(before);
  });

  test('a text that is being written stays', async () => {
    await show(page, 'writing', 'en');
    const field = page.locator('textarea');
    const written = await field.inputValue();
    await hold('dragenter');
    await page.getByText('Release, then choose').waitFor();
    await hold('dragleave');
    await page.getByText('Release, then choose').waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe(written);
  });
});

const hold = (type: 'dragenter' | 'dragleave') =>
  page.evaluate((wanted) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['.'], 'Tickets.pdf'));
    const like = { bubbles: true, cancelable: true, dataTransfer };
    document.querySelector('main')?.dispatchEvent(new DragEvent(wanted, like));
  }, type);
