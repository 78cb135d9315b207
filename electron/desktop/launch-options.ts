import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What can be begun with a start, or with another one: see jump-list.ts. */
export const TASKS = ['sendFiles', 'sendFolder', 'showFolder'] as const;
export type Task = (typeof TASKS)[number];

/** What may be said on the command line of the desktop program. */
export interface LaunchOptions {
  /** Absolute; null: where the system keeps the data of programs. */
  readonly home: string | null;
  readonly interface: string | null;
  readonly discovery: boolean;
  /** Started with the session: the window waits until it is wanted. */
  readonly hidden: boolean;
  readonly task: Task | null;
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
      task: { type: 'string' },
    },
  });
  const home = text(values['home']) ?? text(env['DROPLINE_HOME']);
  return {
    home: home === null ? null : resolve(home),
    interface: text(values['interface']),
    discovery: values['no-discovery'] !== true,
    hidden: values['hidden'] === true,
    task: TASKS.find((task) => task === values['task']) ?? null,
    paths: positionals.map((said) => pathOf(said, directory)),
  };
}

/** Desktops of Linux may hand over a file by its address. */
function pathOf(said: string, directory: string): string {
  try {
    if (said.startsWith('file://')) return fileURLToPath(said);
  } catch {
    // no file of this computer: it is told as it was said
  }
  return resolve(directory, said);
}

function text(value: string | boolean | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
