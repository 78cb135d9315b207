import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** By the rules of WCAG 2.2 AA and by good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

declare global {
  interface Window {
    readonly axe: { run(options: object): Promise<AxeResults> };
  }
}

/** Loads the page once more. */
export async function bringAxe(page: Page): Promise<void> {
  await page.addInitScript({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  await page.reload();
}

/** The one rule that colours can break. */
const COLOURS = 'color-contrast';

/** What axe finds wrong with the page, each with the elements it is about: by all rules, or some. */
export async function axeFaults(
  page: Page,
  which: 'all' | 'colours' | 'allButColours',
): Promise<readonly string[]> {
  const { passes, violations } = await page.evaluate(
    (options) => window.axe.run(options),
    which === 'colours'
      ? { runOnly: [COLOURS] }
      : {
          runOnly: { type: 'tag', values: TAGS },
          rules: { [COLOURS]: { enabled: which === 'all' } },
        },
  );
  // a page that was not there breaks no rule
  const atLeast = which === 'colours' ? 1 : 10;
  if (passes.length < atLeast) return [`only ${passes.length} rules had something to look at`];
  return violations.map(({ id, nodes }) => {
    return `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join('\n')}`;
  });
}
