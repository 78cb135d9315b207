import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import parseWords from './setup/parse-words.js';
import { SetupError } from './setup/say.js';
import { WindowsMachine } from './windows/machine.js';

const USAGE = `npm run windows -- PATH…

The tests of these paths (as test/engine/transfer) on Windows' own Node, by Wine. It needs Debian's wine64
and, where that is older than version 9, gcc-mingw-w64-x86-64. Everything else goes to out/windows.`;

/** Wine is slow: a bound on a hang. */
const TIMEOUT_MS = '120000';

const { positionals } = parseWords(USAGE, { allowPositionals: true, options: {} });
if (positionals.length === 0) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
try {
  const machine = new WindowsMachine(resolve(import.meta.dirname, '..'));
  await machine.prepare();
  const said = join(machine.checkout, 'out', 'tests.txt');
  const config = ['--config', 'build/vitest.config.ts', '--pool=threads'];
  const patience = ['--testTimeout', TIMEOUT_MS, '--hookTimeout', TIMEOUT_MS];
  const words = ['run', ...config, ...patience, ...positionals];
  process.exitCode = await machine.run('node_modules/vitest/vitest.mjs', words, said);
  process.stdout.write(readFileSync(said, 'utf8'));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
