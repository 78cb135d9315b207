import { parseArgs } from 'node:util';

/**
 * The words after a script's name. Where they are none of its own, or ask for help, it says how it is used,
 * and ends.
 *
 * @template {import('node:util').ParseArgsConfig} T
 * @param {string} usage
 * @param {T} config
 * @returns {ReturnType<typeof parseArgs<T>>}
 */
export default function parseWords(usage, config) {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${why}\n\n${usage}\n`);
    process.exit(2);
  }
}
