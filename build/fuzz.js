import { resolve } from 'node:path';
import { startVitest } from 'vitest/node';
import parseWords from './setup/parse-words.js';

const USAGE = `npm run fuzz -- [TARGET…] [--runs N]

The fuzz targets, much longer than npm test tries them.

  --runs N      so many inputs for each target (10000); FUZZ_RUNS stands for it, too

SEED=… npm run fuzz -- TARGET is that run again.`;

const { values, positionals } = parseWords(USAGE, {
  allowPositionals: true,
  options: { runs: { type: 'string' } },
});
process.env['FUZZ_RUNS'] = values.runs ?? process.env['FUZZ_RUNS'] ?? '10000';
const vitest = await startVitest('test', positionals, {
  config: resolve(import.meta.dirname, 'fuzz.config.ts'),
  watch: false,
});
await vitest.close();
