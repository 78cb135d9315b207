import { describe, expect, test } from 'vitest';
import type { Language } from '../../../shared/model/language.ts';
import { LANGUAGES } from '../../../shared/model/language.ts';
import { leaves } from '../../support/catalogue-leaves.ts';

/** If these fail, somebody reads marks, blanks or words that are not those of their language. */

/** Texts in which some rule finds a fault, with what stands around it. */
function faults(
  language: Language,
  rule: RegExp,
  isMeant = (key: string): boolean => !PATTERNS.includes(key),
): readonly string[] {
  return [...leaves(language)].flatMap(([key, text]) => {
    if (!isMeant(key)) return [];
    return [...text.matchAll(new RegExp(rule, 'gu'))].map(
      ({ 0: fault, index }) => `${key}: ${text.slice(Math.max(0, index - 12), index)}[${fault}]`,
    );
  });
}

/** A star and a question mark stand in these for what may be typed. */
const PATTERNS: readonly string[] = ['terminal.optionOnly'];

/** What opens and what closes a quotation. */
const QUOTES: Readonly<Record<Language, string>> = {
  en: '“”',
  de: '„“',
  fr: '«»',
  es: '«»',
  ja: '「」',
  'zh-Hans': '“”',
  'zh-Hant': '「」',
  ar: '«»',
};

describe.each(LANGUAGES)('%s', (language) => {
  test('has the quotation marks, the apostrophe and the ellipsis of a printed text', () => {
    const others = '“”„«»「」『』"'.replaceAll(new RegExp(`[${QUOTES[language]}]`, 'g'), '');
    expect(faults(language, new RegExp(`[${others}'´]|\\.\\.`))).toEqual([]);
  });

  test('opens each quotation and each parenthesis that it closes', () => {
    const [open = '', close = ''] = QUOTES[language];
    const pairs = [open + close, '()', '（）', ...(language === 'es' ? ['¿?', '¡!'] : [])];
    const count = (text: string, mark: string): number => text.split(mark).length - 1;
    const uneven = [...leaves(language)].filter(
      ([key, text]) =>
        !PATTERNS.includes(key) &&
        pairs.some(([one = '', other = '']) => count(text, one) !== count(text, other)),
    );
    expect(uneven).toEqual([]);
  });

  test('has no blank where none belongs', () => {
    const isLine = (key: string): boolean => !/^terminal\.(offerName|renamedTo)/.test(key);
    expect(faults(language, /(?<! ) {2,}| (?=[,.…)）])/, isLine)).toEqual([]);
  });

  test('keeps a figure and its unit together', () => {
    expect(faults(language, /\}\} (?=\p{L})/u, (key) => /^window\.time\./.test(key))).toEqual([]);
    expect(faults(language, /\d (?=K[iI]?[Bo])/)).toEqual([]);
  });

  test('groups the digits of a number as the language does', () => {
    const figures = [...leaves(language)].flatMap(([key, text]) =>
      // not those of an address
      [...text.matchAll(/(?<![\d.:])\d+(?:[\s.,]\d{3})+(?![\d.:])|(?<![\d.:])\d{4,}\b/gu)].map(
        ([figure]) => [key, figure] as const,
      ),
    );
    const wrong = figures.filter(([key, figure]) => {
      const value = Number(figure.replaceAll(/\D/g, ''));
      // a port is a name, and no quantity
      return !/port/i.test(key) && figure !== value.toLocaleString(language);
    });
    expect(wrong.filter(([key]) => !/^(doctor|window\.address|error\.NOT_AN)/.test(key))).toEqual(
      [],
    );
  });
});

const FOLLOWS = '(?=[\\s.,)»]|$)';

test('French has a blank that does not break before a high mark, and within guillemets', () => {
  expect(faults('fr', new RegExp(`[^\\u00a0][:»]${FOLLOWS}`))).toEqual([]);
  expect(faults('fr', new RegExp(`[^\\u202f][;?!]${FOLLOWS}`))).toEqual([]);
  expect(faults('fr', /«[^\u00a0]/)).toEqual([]);
});

test.each(['fr', 'es'] as const)('%s does not part a figure from what it counts', (language) => {
  expect(faults(language, /\{\{\w+, number\}\} (?=\p{L})/u)).toEqual([]);
});

/** Whoever is called tú in one sentence is not handed a manual in the next. */
test('Spanish tells a person what to do, and not in the infinitive', () => {
  const infinitive = /(?:^|[.:;,] )\p{Lu}?\p{Ll}+(?:ar|er|ir)(?:l[aeo]s?|se)?(?=[ .,])/u;
  const isAdvice = (key: string): boolean => /\.do$|refused\..*\.text$/.test(key);
  expect(faults('es', infinitive, isAdvice)).toEqual([]);
});

const HAN = '[\\u3040-\\u30ff\\u4e00-\\u9fff]';

test.each(['zh-Hans', 'zh-Hant'] as const)('%s has the marks of Chinese', (language) => {
  expect(faults(language, new RegExp(`${HAN}[,.:;?!()]|[,:;?!()]${HAN}`))).toEqual([]);
  const isPrompt = /^terminal\.(question|choiceQuestion|codeQuestion|offerName|renamedTo)/;
  expect(
    faults(
      language,
      /[，。：；？！（）「」] | [，。：；？！（）「」]/,
      (key) => !isPrompt.test(key),
    ),
  ).toEqual([]);
});

test.each(['zh-Hans', 'zh-Hant'] as const)(
  '%s has a blank between its characters and others',
  (language) => {
    expect(faults(language, new RegExp(`${HAN}(?=[\\w{])|[\\w}](?=${HAN})`))).toEqual([]);
  },
);

test('Japanese has its own marks, and a blank after a colon', () => {
  expect(faults('ja', new RegExp(`${HAN}[,.;?!()]|[,;?!()]${HAN}|:(?=${HAN})`))).toEqual([]);
});

test('Arabic has its own comma, semicolon and question mark', () => {
  const isSyntax = (key: string): boolean => /^terminal\.(opt|bad|choice|question)/.test(key);
  const gapless = (key: string): boolean => !isSyntax(key) && !PATTERNS.includes(key);
  expect(faults('ar', /(?<!\{\{\w+)[;?]|(?<!\{\{\w+),(?!\d)/, gapless)).toEqual([]);
});

/** For each of these another word is used everywhere, or it belongs to the other Chinese. */
const NOT_USED = [
  ['zh-Hans', /您|存储|拷贝|文稿|字符串|檔|資料夾/],
  [
    'zh-Hant',
    /您|列表|替換|跳過|頂部|歷程|喜好項目|部(?:電腦|裝置)|網絡|文件夾|鏈接|默認|軟件|屏幕/,
  ],
  ['ar', /حاسوب/],
] as const;

test.each(NOT_USED)('%s calls one thing by one word', (language, words) => {
  expect(faults(language, words)).toEqual([]);
});
