import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../shared/model/language.ts';
import { LANGUAGES } from '../../shared/model/language.ts';
import type { HarnessHost } from '../support/harness.ts';
import { startHarness } from '../support/harness.ts';
import { VIEWS, show } from './views.ts';
import type { ViewName } from './views.ts';

/** What axe finds wrong with a page, by the rules of WCAG 2.2 AA and by good practice. */

const NAMES = Object.keys(VIEWS) as ViewName[];
/** In the other languages only words differ: these have the most of them. */
const MAIN: readonly ViewName[] = ['newOffer', 'everyPhase', 'settings'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let host: HarnessHost;
let page: Page;

beforeAll(async () => {
  host = await startHarness();
  page = await host.open('state=peers', { reducedMotion: 'reduce' });
  await page.addInitScript({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
});
afterAll(() => host.stop());

declare global {
  interface Window {
    readonly axe: { run(options: object): Promise<AxeResults> };
  }
}

/** Each with the view and the elements it is about. */
async function faults(name: ViewName, language: Language): Promise<readonly string[]> {
  await show(page, name, language);
  const { passes, violations } = await page.evaluate(
    (values) => window.axe.run({ runOnly: { type: 'tag', values } }),
    RULES,
  );
  // a page that was not there breaks no rule
  if (passes.length < 10) return [`${name}: only ${passes.length} rules had something to look at`];
  return violations.map(({ id, nodes }) => {
    return `${name}: ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join('\n')}`;
  });
}

async function faultsOf(names: readonly ViewName[], language: Language) {
  const found: string[] = [];
  for (const name of names) found.push(...(await faults(name, language)));
  return found;
}

test.each(['light', 'dark'] as const)('no view breaks a rule in %s colours', async (scheme) => {
  await page.emulateMedia({ colorScheme: scheme });
  expect(await faultsOf(NAMES, 'en')).toEqual([]);
});

describe.each(LANGUAGES.filter((language) => language !== 'en'))('%s', (language) => {
  test('breaks no rule where most words are', async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await faultsOf(MAIN, language)).toEqual([]);
  });
});
