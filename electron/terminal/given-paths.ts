import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { namedPlaces } from './parse-choice.ts';

/** After the last separator, or after the drive in `C:*.jpg`, which is where one stands on that drive. */
const LAST_PART = /[^\\/:]*$/;

/**
 * What was typed as a path. Windows takes a backslash and a quote for a quote that is part of the word: of
 * "D:\in\" a quote at the end arrives in place of the backslash. No name there holds one.
 */
export function givenPath(typed: string, platform = process.platform): string {
  return platform === 'win32' ? typed.replace(/"$/, '\\') : typed;
}

/**
 * What was typed as paths. Elsewhere the shell has put names in the place of `*.jpg`; on Windows that is
 * left to the program, and no name holds `*` or `?`. What fits nothing stays, and is told as not found.
 */
export function givenPaths(
  typed: readonly string[],
  platform = process.platform,
): readonly string[] {
  if (platform !== 'win32') return typed;
  return typed.flatMap((path) => expand(givenPath(path, platform)));
}

/** Patterns are in the last part alone, as the commands of Windows read them. */
function expand(path: string): readonly string[] {
  const pattern = LAST_PART.exec(path)?.[0] ?? '';
  if (!/[*?]/.test(pattern)) return [path];
  const before = path.slice(0, path.length - pattern.length);
  const all = namesIn(resolve(before));
  // there it means every name, with a dot or without one
  const places = namedPlaces(pattern === '*.*' ? '*' : pattern, all);
  return places.length === 0 ? [path] : places.map((place) => before + (all[place] ?? ''));
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return []; // the pattern stays, and why it leads nowhere is told of a path
  }
}
