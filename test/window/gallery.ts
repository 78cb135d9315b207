import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Language } from '../../shared/model/language.ts';
import { serveHarness } from '../support/harness-host.ts';
import { buildHarness } from '../support/shared-harness.ts';
import { VIEW_NAMES, show } from './views.ts';

/** Every view of the window in each of these looks, to be looked at: see build/screenshots.js. */

interface Look {
  readonly language?: Language;
  readonly size?: { readonly width: number; readonly height: number };
  readonly media?: Parameters<Page['emulateMedia']>[0];
}

const LOOKS = {
  light: {},
  dark: { media: { colorScheme: 'dark' } },
  de: { language: 'de' },
  'zh-Hans': { language: 'zh-Hans' },
  ja: { language: 'ja' },
  ar: { language: 'ar' },
  narrow: { size: { width: 360, height: 640 } },
  // Zooming leaves half as many pixels of the style sheet.
  'at-200': { size: { width: 480, height: 340 } },
  forced: { media: { forcedColors: 'active' } },
} as const satisfies Record<string, Look>;

const SIZE = { width: 960, height: 680 };
const PLAIN = { colorScheme: 'light', forcedColors: 'none' } as const;
const THUMB_WIDTH = 300;
const THUMB_HEIGHT = 400;

interface Shot {
  readonly view: string;
  readonly look: string;
  readonly picture: Buffer;
}

/** `only`: names of views; none of them: all. */
export async function takeGallery(
  browser: string,
  folder: string,
  only: readonly string[],
): Promise<void> {
  const names = VIEW_NAMES.filter((name) => only.length === 0 || only.includes(name));
  await mkdir(folder, { recursive: true });
  const harness = await buildHarness();
  const host = await serveHarness(harness, browser);
  try {
    const page = await host.open('state=peers', { reducedMotion: 'reduce' });
    const shots: Shot[] = [];
    for (const [look, { language = 'en', size = SIZE, media }] of Object.entries<Look>(LOOKS)) {
      await page.setViewportSize(size);
      await page.emulateMedia({ ...PLAIN, ...media });
      for (const view of names) {
        await show(page, view, language);
        const path = join(folder, `${view}-${look}.png`);
        shots.push({ view, look, picture: await page.screenshot({ path, fullPage: true }) });
      }
    }
    await drawSheet(await page.context().newPage(), shots, join(folder, 'sheet.png'));
  } finally {
    await host.stop();
    await rm(harness, { recursive: true, force: true });
  }
}

/** A line for each view, a column for each look. */
async function drawSheet(page: Page, shots: readonly Shot[], path: string): Promise<void> {
  const looks = Object.keys(LOOKS);
  const style = `
    body { display: grid; grid-template-columns: repeat(${looks.length}, ${THUMB_WIDTH}px);
      gap: 14px; margin: 14px; font: 13px sans-serif; background: #bbb; inline-size: max-content }
    figure { margin: 0 }
    img { inline-size: 100%; block-size: ${THUMB_HEIGHT}px; object-fit: contain;
      object-position: top left }`;
  const figures = VIEW_NAMES.flatMap((view) =>
    looks.flatMap((look) =>
      shots
        .filter((shot) => shot.view === view && shot.look === look)
        .map(
          ({ picture }) =>
            `<figure><figcaption>${view} · ${look}</figcaption>` +
            `<img src="data:image/png;base64,${picture.toString('base64')}"></figure>`,
        ),
    ),
  );
  await page.setContent(`<style>${style}</style>${figures.join('')}`);
  await page.screenshot({ path, fullPage: true });
}
