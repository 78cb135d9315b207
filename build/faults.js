import { resolve } from 'node:path';
import { runnerImport } from 'vite';
import parseWords from './setup/parse-words.js';

const USAGE = `npm run faults -- [ROW…] [--minutes N] [--fresh] [--quick]
npm run faults -- --mutants [GROUP…|NAME…]

The fault matrix with its full counts: all rows, or those that are named, as F01.

  --minutes N   no longer than so; the next run goes on from there
  --fresh       what was tried before does not count
  --quick       the share of each row that npm test tries
  --mutants     mends are taken out one by one: each must make its tests fail

SEED=… npm run faults -- ROW is one try again.`;

const root = resolve(import.meta.dirname, '..');
const { values, positionals } = parseWords(USAGE, {
  allowPositionals: true,
  options: {
    minutes: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
  },
});

/** @param {string} path */
async function load(path) {
  const config = {
    root,
    configFile: /** @type {const} */ (false),
    logLevel: /** @type {const} */ ('warn'),
  };
  return (await runnerImport(resolve(root, path), config)).module;
}

if (values.mutants) {
  const { runMutants } = await load('test/faults/support/mutants/run.ts');
  process.exitCode = await runMutants(positionals);
} else {
  const { BUILT_CHILDREN, CHILD_ENTRIES } = await load('test/faults/support/child-entries.ts');
  const { buildEntries } = await load('test/support/build-entries.ts');
  const { runRows } = await load('test/faults/support/run.ts');
  const minutes = values.minutes === undefined ? null : Number(values.minutes);
  // here and not where it is wanted: what was loaded loads nothing more
  const built = await buildEntries(CHILD_ENTRIES);
  process.env[BUILT_CHILDREN] = built.directory.href;
  process.exitCode = await runRows({ ...values, ids: positionals, minutes });
  await built.remove();
}
