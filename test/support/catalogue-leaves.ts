import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Language } from '../../shared/model/language.ts';

/** Every text of a language by its whole key. */
export type Leaves = ReadonlyMap<string, string>;

export const catalogueFolder = resolve(import.meta.dirname, '../../shared/text');

export function leaves(language: Language): Leaves {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') found.set(path, value);
    else
      for (const [key, inner] of Object.entries(value as object))
        walk(inner, path === '' ? key : `${path}.${key}`);
  };
  walk(JSON.parse(readFileSync(resolve(catalogueFolder, `${language}.json`), 'utf8')), '');
  return found;
}
