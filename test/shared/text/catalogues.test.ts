import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../../shared/model/language.ts';
import { LANGUAGES } from '../../../shared/model/language.ts';
import { catalogueFolder, leaves } from '../../support/catalogue-leaves.ts';

const root = resolve(import.meta.dirname, '../../..');
const FORM = /_(zero|one|two|few|many|other)$/;

const en = leaves('en');
const isPlural = (key: string): boolean =>
  FORM.test(key) && en.has(key.replace(FORM, '_other')) && en.has(key.replace(FORM, '_one'));
const baseOf = (key: string): string => (isPlural(key) ? key.replace(FORM, '') : key);

/** English has no such category: the library looks for a form of its own where there are none. */
const hasZero = (base: string): boolean => en.has(`${base}_zero`);

function expectedKeys(language: Language): readonly string[] {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const bases = new Set([...en.keys()].map(baseOf));
  return [...bases].flatMap((base) => {
    if (en.has(base)) return [base];
    const forms = new Set<string>([...pluralCategories, ...(hasZero(base) ? ['zero'] : [])]);
    return [...forms].map((form) => `${base}_${form}`);
  });
}

const gapsOf = (text: string): readonly string[] =>
  (text.match(/\{\{[^}]*\}\}/g) ?? []).map((gap) => gap.replaceAll(' ', '')).sort();

/** Where a form stands for one number only, the words may say it in place of the figure. */
function saysItsNumber(language: Language, form: string, base: string): boolean {
  if (form === 'zero' && hasZero(base)) return true;
  const rules = new Intl.PluralRules(language);
  const numbers = Array.from({ length: 1_001 }, (_, n) => n).filter(
    (n) => rules.select(n) === form,
  );
  return numbers.length === 1;
}

function wrongGaps(language: Language): readonly string[] {
  const texts = leaves(language);
  return [...texts].flatMap(([key, text]) => {
    const form = FORM.exec(key)?.[1];
    const base = key.replace(FORM, '');
    const model = en.get(key) ?? en.get(`${base}_other`) ?? '';
    const plural = form !== undefined && en.has(`${base}_other`);
    const whole = gapsOf(plural ? (en.get(`${base}_other`) ?? '') : model);
    const without = whole.filter((gap) => !/^\{\{count\b/.test(gap));
    const allowed = [whole, ...(plural && saysItsNumber(language, form, base) ? [without] : [])];
    const found = JSON.stringify(gapsOf(text));
    return allowed.some((gaps) => JSON.stringify(gaps) === found) ? [] : [`${key}: ${text}`];
  });
}

test('there is a file for every language, and no other', () => {
  const files = readdirSync(catalogueFolder).filter((name) => name.endsWith('.json'));
  expect(files.sort()).toEqual(LANGUAGES.map((language) => `${language}.json`).sort());
});

describe.each(LANGUAGES)('%s', (language) => {
  test('has every key, in the plural forms of the language, and no other', () => {
    expect([...leaves(language).keys()].sort()).toEqual([...expectedKeys(language)].sort());
  });

  test('has the gaps of English in every text', () => {
    expect(wrongGaps(language)).toEqual([]);
  });

  test('has no empty text, and none that begins or ends with a stray blank', () => {
    const stray = [...leaves(language)].filter(([key, text]) => {
      if (key.startsWith('join.')) return false;
      const isPrompt = /^terminal\.(question|choiceQuestion|codeQuestion)$/.test(key);
      const isIndented = /^terminal\.(offerName|offerNameBare|renamedTo)$/.test(key);
      return text === '' || /^\s/.test(text) !== isIndented || /\s$/.test(text) !== isPrompt;
    });
    expect(stray).toEqual([]);
  });
});

/** WCAG 2.5.3: who says what stands on a button, to a computer that listens, presses that button. */
const LABELS = [
  ...['pause', 'resume', 'tryNow', 'cancel', 'retry', 'dismiss', 'reveal', 'undo'].map(
    (action) => `window.transfers.${action}`,
  ),
  ...['window.check.verify', 'window.check.stop', 'window.text.show'],
  ...['window.settings.forget', 'window.settings.unblock'],
];

test.each(LANGUAGES)('what a button is called holds what stands on it in %s', (language) => {
  const texts = leaves(language);
  const plain = (key: string): string =>
    (texts.get(key) ?? key)
      .replaceAll(/[\s…]+/g, ' ')
      .trim()
      .toLocaleLowerCase(language);
  const others = LABELS.filter((label) => !plain(`${label}Of`).includes(plain(label)));
  expect(others).toEqual([]);
});

/** Texts of this many words cannot be the same by chance. */
const MANY_WORDS = 3;

test.each(LANGUAGES.filter((language) => language !== 'en'))(
  'nothing was left in English in %s',
  (language) => {
    const same = [...leaves(language)].filter(([key, text]) => {
      const words = text.replaceAll(/\{\{[^}]*\}\}/g, '').match(/\p{L}{2,}/gu) ?? [];
      return words.length >= MANY_WORDS && en.get(key) === text;
    });
    expect(same).toEqual([]);
  },
);

/** Every quoted text of the program, and the patterns of its templates. */
function sourceTexts(): {
  readonly texts: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
} {
  const texts = new Set<string>();
  const patterns = new Set<string>();
  for (const place of ['shared', 'electron', 'renderer', 'build/packaging']) {
    for (const name of readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(tsx?|js)$/.test(name)) continue;
      const source = readFileSync(join(root, place, name), 'utf8');
      for (const [, text = ''] of source.matchAll(/['"]([\w.-]+)['"]/g)) texts.add(text);
      // names of properties stand for parts of keys too
      for (const [, text = ''] of source.matchAll(/\b(\w+)\??:/g)) texts.add(text);
      for (const [, text = ''] of source.matchAll(/`(\w[\w.]*\.[^`\s]*\$\{[^`]*)`/g))
        patterns.add(text);
    }
  }
  return { texts, patterns: [...patterns].map(patternOf) };
}

function patternOf(template: string): RegExp {
  const parts = template.replaceAll(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '\u0000').split('\u0000');
  return new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('(\\w+?)')}$`);
}

test('every key is used somewhere in the program', () => {
  const { texts, patterns } = sourceTexts();
  const isUsed = (key: string): boolean =>
    texts.has(key) ||
    patterns.some((pattern) => {
      const found = pattern.exec(key);
      return found !== null && found.slice(1).every((part) => texts.has(part));
    });
  const unused = [...new Set([...en.keys()].map(baseOf))]
    // what a failure is called by: its code is the key
    .filter((key) => !key.startsWith('error.'))
    .filter((key) => !isUsed(key));
  expect(unused).toEqual([]);
});
