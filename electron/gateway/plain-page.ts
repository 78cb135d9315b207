import en from '../../shared/text/en.json' with { type: 'json' };
import type { Refusal } from './access.ts';

/** The pages that the console shows in place of its window: words only, no script, no style. */

/** Says why nothing is shown and what to do. `stranger`: another user of this computer. */
export function refusalPage(why: Refusal | 'stranger'): string {
  const { title, text } = en.console.refused[why];
  return page(title, text, '');
}

/**
 * Goes on to the window by itself. A redirect would still count as sent by the page that held the link,
 * and the browser would keep the session's cookie back.
 */
export function onwardPage(): string {
  return page(en.console.opening, '', '<meta http-equiv="refresh" content="0; url=/">');
}

function page(title: string, text: string, head: string): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    `${head}<title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`,
  ].join('');
}
