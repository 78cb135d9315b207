import type { Language } from '../model/language.ts';
import type { Catalogue } from './text-keys.ts';

/** Each is a file of its own, and only the one that is spoken is read. */
const CATALOGUES: Readonly<Record<Language, () => Promise<{ readonly default: Catalogue }>>> = {
  en: () => import('./en.json', { with: { type: 'json' } }),
  de: () => import('./de.json', { with: { type: 'json' } }),
};

export async function loadCatalogue(language: Language): Promise<Catalogue> {
  return (await CATALOGUES[language]()).default;
}
