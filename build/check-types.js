import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * `npm run types`. The native compiler answers the same in a sixth of the time; the one beside it is for
 * the tools that read types. Both bring a command `tsc`. On one thread: the tests run beside it.
 */
const compiler = new URL('bin/tsc', import.meta.resolve('typescript-native/package.json'));
const args = [fileURLToPath(compiler), '--build', '--singleThreaded', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
process.exitCode = status ?? 1;
