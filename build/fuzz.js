import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

/**
 * `npm run fuzz -- [TARGET…] [--runs N]`: the fuzz targets, much longer than `npm test` tries them.
 * `SEED=… npm run fuzz -- TARGET` is that run again; FUZZ_RUNS stands for --runs.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string' } },
});
process.env['FUZZ_RUNS'] = values.runs ?? process.env['FUZZ_RUNS'] ?? '10000';
const vitest = await startVitest('test', positionals, {
  config: resolve(import.meta.dirname, 'fuzz.config.ts'),
  watch: false,
});
await vitest.close();
