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

/** The first that the system has. */
const BROWSERS = ['chromium-headless-shell', 'chromium'];

/**
 * Installs what the tests drive and this machine lacks, where that is ours to do: by apt, as root.
 * Elsewhere it is said what is missing, and the suites that need it are skipped with that reason.
 */
export async function installTestTools() {
  /** @type {string[]} */
  const missing = [];
  const browsers = findBrowser() === null ? BROWSERS : [];
  if (process.platform === 'linux') {
    if (!onPath('ip')) missing.push('iproute2');
    if (!onPath('unshare')) missing.push('util-linux');
  }
  const all = [...browsers.slice(-1), ...missing];
  if (all.length === 0) return;
  if (!mustRunEverything() || !onPath('apt-get')) {
    say(`not installed here: ${all.join(', ')}; the tests that need it are skipped`);
    return;
  }
  say(`installing ${all.join(', ')} by apt-get for the tests`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const updated = await runKept('apt-get', ['update', '-qq'], options);
  if (updated.code !== 0) say('apt-get update failed; trying with the lists that are there');
  const install = ['install', '-y', '-qq', '--no-install-recommends'];
  const choices = browsers.map((browser) => [browser, ...missing]);
  let output = '';
  for (const choice of choices.length > 0 ? choices : [missing]) {
    const installed = await runKept('apt-get', [...install, ...choice], options);
    if (installed.code === 0) return;
    output += installed.output;
  }
  process.stderr.write(updated.output + output);
  say(`apt-get could not install ${all.join(', ')}`);
}
