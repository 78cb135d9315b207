import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findBrowser } from './browser.js';
import { run } from './run.js';
import { say } from './say.js';

/** @param {string} command */
function onPath(command) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, command)));
}

/** Root on Linux: the machine on which every test must run and none may be skipped. */
export function mustRunEverything() {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/**
 * Installs what the tests drive and this machine lacks, where that is ours to do: by apt, as root.
 * Elsewhere it is said what is missing, and the suites that need it are skipped with that reason.
 */
export async function installTestTools() {
  const missing = [];
  if (findBrowser() === null) missing.push('chromium');
  if (process.platform === 'linux') {
    if (!onPath('ip')) missing.push('iproute2');
    if (!onPath('unshare')) missing.push('util-linux');
  }
  if (missing.length === 0) return;
  if (!mustRunEverything() || !onPath('apt-get')) {
    say(`not installed here: ${missing.join(', ')}; the tests that need it are skipped`);
    return;
  }
  say(`installing ${missing.join(', ')} by apt-get for the tests`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @type {import('node:child_process').SpawnOptions} */
  const options = { env, stdio: ['ignore', 2, 2] };
  const updated = await run('apt-get', ['update', '-qq'], options);
  if (updated !== 0) say('apt-get update failed; trying with the lists that are there');
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing];
  const installed = await run('apt-get', install, options);
  if (installed !== 0) say(`apt-get could not install ${missing.join(', ')}`);
}
