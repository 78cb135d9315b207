import { z } from 'zod';

/** The languages that the words are written in, by their BCP 47 tags, as a list of them is shown. */
export const LANGUAGES = ['de', 'en', 'es', 'fr', 'ja', 'zh-Hans', 'zh-Hant', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each is called in itself: who cannot read the others finds it. */
export const OWN_NAMES: Readonly<Record<Language, string>> = {
  de: 'Deutsch',
  en: 'English',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  'zh-Hans': '简体中文',
  'zh-Hant': '繁體中文',
  ar: 'العربية',
};

/** `system`: the first of the system's own languages that the words are written in. */
export const languageSettingSchema = z.enum(['system', ...LANGUAGES]);
export type LanguageSetting = z.infer<typeof languageSettingSchema>;
export const LANGUAGE_SETTINGS = languageSettingSchema.options;

export type Direction = 'ltr' | 'rtl';

/** How a person is spoken to: the words, and how numbers and dates are written among them. */
export interface Tongue {
  readonly language: Language;
  /** The language in the person's own region, where the system names one. */
  readonly locale: string;
  readonly direction: Direction;
}

/** `wanted`: the system's languages as tags, the dearest first. */
export function tongueOf(setting: LanguageSetting, wanted: readonly string[]): Tongue {
  const known = wanted.flatMap((tag) => {
    const language = languageOf(tag);
    return language === null ? [] : [{ tag, language }];
  });
  const language = setting === 'system' ? (known[0]?.language ?? 'en') : setting;
  const locale = known.find((one) => one.language === language)?.tag ?? language;
  return { language, locale, direction: directionOf(language) };
}

/** A tag of Chinese often names a place only: its script is what people of that place read. */
function languageOf(tag: string): Language | null {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    const names = [language, `${language}-${script ?? ''}`];
    return LANGUAGES.find((known) => names.includes(known)) ?? null;
  } catch {
    return null;
  }
}

const RIGHT_TO_LEFT: readonly string[] = ['ar'];

function directionOf(language: Language): Direction {
  return RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr';
}
