import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './run.js';
import { say, SetupError } from './say.js';

/**
 * What an installation depends on: the list of packages and the system that native ones are chosen for.
 * @param {string} root
 */
function wanted(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const system = `${process.platform} ${process.arch}`;
  return createHash('sha256').update(lock).update(system).digest('hex');
}

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.installed-for-dropline');

/** @param {string} root */
export function packagesAreCurrent(root) {
  const stamp = stampFile(root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === wanted(root);
}

/**
 * Installs the npm packages where they are missing or are not those of package-lock.json.
 * @param {string} root
 */
export async function installPackages(root) {
  if (packagesAreCurrent(root)) return;
  say('installing the npm packages (npm ci); this takes a minute, once');
  const code = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // npm's own summary would be the first line of a program that has not started yet.
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) throw new SetupError('npm ci failed (see above); is the npm registry reachable?');
  writeFileSync(stampFile(root), `${wanted(root)}\n`);
}
