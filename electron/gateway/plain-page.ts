import type { Speech } from '../../shared/text/speech.ts';
import type { Refusal } from './access.ts';

/** The pages that the console shows in place of its window: words only, no script, no style. */

/** Says why nothing is shown and what to do. `stranger`: another user of this computer. */
export function refusalPage(why: Refusal | 'stranger', speech: Speech): string {
  const title = speech.say(`console.refused.${why}.title`);
  return page(title, speech.say(`console.refused.${why}.text`), '', speech);
}

/**
 * Goes on to the window by itself. A redirect would still count as sent by the page that held the link,
 * and the browser would keep the session's cookie back.
 */
export function onwardPage(speech: Speech): string {
  const head = '<meta http-equiv="refresh" content="0; url=/">';
  return page(speech.say('console.opening'), '', head, speech);
}

function page(title: string, text: string, head: string, { language, direction }: Speech): string {
  return [
    `<!doctype html><html lang="${language}" dir="${direction}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    `${head}<title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`,
  ].join('');
}
