import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Language } from '../../shared/model/language.ts';
import { LANGUAGES } from '../../shared/model/language.ts';
import { serveHarness } from '../support/harness-host.ts';
import { buildHarness } from '../support/shared-harness.ts';
import type { ViewName } from './views.ts';
import { VIEW_NAMES, show } from './views.ts';

/** Every view of the window in each of these looks, to be looked at: see build/screenshots.js. */

interface Look {
  readonly language?: Language;
  readonly size?: { readonly width: number; readonly height: number };
  readonly media?: Parameters<Page['emulateMedia']>[0];
}

const SCREENS = {
  light: {},
  dark: { media: { colorScheme: 'dark' } },
  narrow: { size: { width: 360, height: 640 } },
  // Zooming leaves half as many pixels of the style sheet.
  'at-200': { size: { width: 480, height: 340 } },
  forced: { media: { forcedColors: 'active' } },
} as const satisfies Record<string, Look>;

type Screen = keyof typeof SCREENS;

const SCREEN_NAMES = Object.keys(SCREENS) as readonly Screen[];
/** One of each script, and the one with the longest words. */
const USUAL_LANGUAGES = ['de', 'zh-Hans', 'ja', 'ar'] as const satisfies readonly Language[];

interface Chosen {
  readonly views: readonly ViewName[];
  readonly looks: ReadonlyMap<string, Look>;
}

/** Of words that name views, screens and languages. Where there is none of a kind: the usual ones. */
function choose(words: readonly string[]): Chosen {
  const views = VIEW_NAMES.filter((name) => words.includes(name));
  const screens = SCREEN_NAMES.filter((name) => words.includes(name));
  const languages = LANGUAGES.filter((name) => words.includes(name));
  const known: readonly string[] = [...views, ...screens, ...languages];
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0) throw new Error(`No view, screen or language: ${unknown.join(', ')}`);
  return { views: views.length > 0 ? views : VIEW_NAMES, looks: looksOf(screens, languages) };
}

function looksOf(screens: readonly Screen[], languages: readonly Language[]): Map<string, Look> {
  if (languages.length > 0) {
    const each = screens.length > 0 ? screens : (['light'] as const);
    return new Map(
      languages.flatMap((language) =>
        each.map((name) => [`${language}-${name}`, { ...SCREENS[name], language }] as const),
      ),
    );
  }
  const each = screens.length > 0 ? screens : SCREEN_NAMES;
  const spoken = screens.length > 0 ? [] : USUAL_LANGUAGES;
  return new Map<string, Look>([
    ...each.map((name) => [name, SCREENS[name]] as const),
    ...spoken.map((language) => [language, { language }] as const),
  ]);
}

const SIZE = { width: 960, height: 680 };
const PLAIN = { colorScheme: 'light', forcedColors: 'none' } as const;
const THUMB_WIDTH = 300;
const THUMB_HEIGHT = 400;

interface Shot {
  readonly view: string;
  readonly look: string;
  readonly picture: Buffer;
}

/** `only`: what is taken, by the names of views, screens and languages. */
export async function takeGallery(
  browser: string,
  folder: string,
  only: readonly string[],
): Promise<void> {
  const { views, looks } = choose(only);
  await mkdir(folder, { recursive: true });
  const harness = await buildHarness();
  const host = await serveHarness(harness, browser);
  try {
    const page = await host.open('state=peers', { reducedMotion: 'reduce' });
    const shots: Shot[] = [];
    for (const [look, { language = 'en', size = SIZE, media }] of looks) {
      await page.setViewportSize(size);
      await page.emulateMedia({ ...PLAIN, ...media });
      for (const view of views) {
        await show(page, view, language);
        const path = join(folder, `${view}-${look}.png`);
        shots.push({ view, look, picture: await page.screenshot({ path, fullPage: true }) });
      }
    }
    await drawSheet(await page.context().newPage(), shots, join(folder, 'sheet.png'), [
      ...looks.keys(),
    ]);
  } finally {
    await host.stop();
    await rm(harness, { recursive: true, force: true });
  }
}

/** A line for each view, a column for each look. */
async function drawSheet(
  page: Page,
  shots: readonly Shot[],
  path: string,
  looks: readonly string[],
): Promise<void> {
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
