import { expect, test } from 'vitest';
import { LANGUAGES, OWN_NAMES, tongueOf } from '../../../shared/model/language.ts';

test.each([
  ['the first that the words are written in', ['ru-RU', 'de-CH', 'en-GB'], 'de', 'de-CH'],
  ['English where there is none', ['ru', 'xx-nonsense-'], 'en', 'en'],
  ['what is no tag at all is passed over', ['', '*', 'de_DE', 'de'], 'de', 'de'],
])('the system chooses: %s', (_, wanted, language, locale) => {
  expect(tongueOf('system', wanted)).toMatchObject({ language, locale });
});

test('a language that was chosen is written as in the region of the system, where it has one', () => {
  expect(tongueOf('de', ['en-US', 'de-AT'])).toMatchObject({ language: 'de', locale: 'de-AT' });
  expect(tongueOf('de', ['en-US'])).toMatchObject({ language: 'de', locale: 'de' });
});

test('each language is called by its own name', () => {
  for (const language of LANGUAGES) {
    const own = new Intl.DisplayNames(language, { type: 'language' }).of(language);
    expect(OWN_NAMES[language].toLocaleLowerCase(language)).toBe(own?.toLocaleLowerCase(language));
  }
});
