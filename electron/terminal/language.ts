import { parseArgs } from 'node:util';
import type { Tongue } from '../../shared/model/language.ts';
import { tongueOf } from '../../shared/model/language.ts';
import { languageSetting } from '../engine/engine.ts';
import { givenPath } from './given-paths.ts';
import { defaultHome } from './launch.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * In which language a command speaks. It must be known before the line is read, whose help is words too.
 * Programs read English in every country: with --json nothing depends on who runs it.
 */
export async function commandTongue(args: readonly string[], env: Environment): Promise<Tongue> {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: { home: { type: 'string' }, json: { type: 'boolean' } },
  });
  if (values['json'] === true) return tongueOf('en', []);
  const home = typeof values['home'] === 'string' ? givenPath(values['home']) : defaultHome();
  return tongueOf(await languageSetting(home), systemLanguages(env));
}

/** POSIX names the language of words in the first of three that is set; elsewhere the system knows it. */
export function systemLanguages({ LC_ALL, LC_MESSAGES, LANG }: Environment): readonly string[] {
  const named = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== '');
  if (named === undefined) return [new Intl.DateTimeFormat().resolvedOptions().locale];
  // de_CH.UTF-8, sr_RS@latin, C.UTF-8
  const tag = named.replace(/[.@].*$/, '').replaceAll('_', '-');
  return tag === 'C' || tag === 'POSIX' ? [] : [tag];
}
