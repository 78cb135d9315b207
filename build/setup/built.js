import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { npm } from './run.js';
import { say, SetupError } from './say.js';

const SOURCES = [
  'shared',
  'electron',
  'renderer',
  'build/electron.vite.config.ts',
  'build/packaging',
  'package.json',
  'package-lock.json',
];

/** @param {string} path @returns {string[]} */
function filesAt(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Names the sources as they stand by path, size and time: a file that was removed or put back in time
 * counts as a change too.
 * @param {string} root
 */
function signature(root) {
  const hash = createHash('sha256');
  for (const path of SOURCES.map((source) => join(root, source)).filter((path) =>
    existsSync(path),
  )) {
    for (const file of filesAt(path)) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${relative(root, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** @param {string} root */
const stampFile = (root) => join(root, 'out', '.built-from');

/** @param {string} root */
export function buildIsCurrent(root) {
  const stamp = stampFile(root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === signature(root);
}

/** Written by every `npm run build`, by whomever it was started. @param {string} root */
export function stampBuild(root) {
  writeFileSync(stampFile(root), `${signature(root)}\n`);
}

/**
 * Builds the program where out/ was not made from the sources as they are now.
 * @param {string} root
 */
export async function buildProgram(root) {
  if (buildIsCurrent(root)) return;
  say('building the program');
  const code = await npm(['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (code !== 0) throw new SetupError('the build failed (see above)');
}
