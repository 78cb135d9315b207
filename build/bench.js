import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import mustBeBuilt from './setup/must-be-built.js';

/**
 * `npm run bench -- [--quick] [--only NAME]… [--rounds N] [--node PATH]…`: how fast Dropline is beside what
 * else this machine has. `npm run bench -- --help` lists all words.
 */
mustBeBuilt();
const root = resolve(import.meta.dirname, '..');
const config = {
  root,
  configFile: /** @type {const} */ (false),
  logLevel: /** @type {const} */ ('warn'),
};
const { runBench } = (await runnerImport(resolve(root, 'test/bench/main.ts'), config)).module;
process.exitCode = await runBench(fileURLToPath(import.meta.url), process.argv.slice(2));
process.exit();
