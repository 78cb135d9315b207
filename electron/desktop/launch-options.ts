import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What may be said on the command line of the desktop program. */
export interface LaunchOptions {
  /** Absolute; null: where the system keeps the data of programs. */
  readonly home: string | null;
  readonly interface: string | null;
  readonly discovery: boolean;
  /** Started with the session: the window waits until it is wanted. */
  readonly hidden: boolean;
  /** Files and folders to send, absolute. */
  readonly paths: readonly string[];
}

/**
 * Chromium and the system put switches of their own on this line, so that an unknown one is no error.
 * `args`: what follows the program (and, where it is not packaged, its main file). `directory`: where it
 * was said.
 */
export function readLaunchOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  directory = process.cwd(),
): LaunchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      home: { type: 'string' },
      interface: { type: 'string' },
      'no-discovery': { type: 'boolean' },
      hidden: { type: 'boolean' },
    },
  });
  const home = text(values['home']) ?? text(env['DROPLINE_HOME']);
  return {
    home: home === null ? null : resolve(home),
    interface: text(values['interface']),
    discovery: values['no-discovery'] !== true,
    hidden: values['hidden'] === true,
    paths: positionals.map((path) => resolve(directory, path)),
  };
}

function text(value: string | boolean | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
