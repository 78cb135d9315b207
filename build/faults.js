import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

/**
 * `npm run faults -- [ROW…] [--minutes N] [--fresh] [--quick] | --mutants [GROUP…|NAME…]`: the fault matrix with
 * its full counts. `SEED=… npm run faults -- ROW` is one try again.
 */
const root = resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
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
  const { runRows } = await load('test/faults/support/run.ts');
  const minutes = values.minutes === undefined ? null : Number(values.minutes);
  process.exitCode = await runRows({ ...values, ids: positionals, minutes });
}
