import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findBrowser } from './browser.js';
import { runKept } from './run.js';
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
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const updated = await runKept('apt-get', ['update', '-qq'], options);
  if (updated.code !== 0) say('apt-get update failed; trying with the lists that are there');
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing];
  const installed = await runKept('apt-get', install, options);
  if (installed.code === 0) return;
  process.stderr.write(updated.output + installed.output);
  say(`apt-get could not install ${missing.join(', ')}`);
}
