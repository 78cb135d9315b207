import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const COMMANDS = [
  // What draws no screen starts in a third of the time, and does the same.
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
];

const MAC_APPLICATIONS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {string[]} in the order in which they are tried
 */
export function browserCandidates(env, platform) {
  /** @param {...(string | undefined)} places */
  const present = (...places) => places.filter((place) => place !== undefined && place !== '');
  if (platform === 'darwin') {
    return present('/Applications', env.HOME && join(env.HOME, 'Applications')).flatMap((place) =>
      MAC_APPLICATIONS.map((path) => join(String(place), path)),
    );
  }
  if (platform === 'win32') {
    return present(env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA).flatMap((place) =>
      WINDOWS_PROGRAMS.map((path) => `${String(place)}\\${path}`),
    );
  }
  const folders = new Set(['/usr/bin', ...(env.PATH ?? '').split(delimiter).filter(Boolean)]);
  return COMMANDS.flatMap((command) => [...folders].map((folder) => join(folder, command)));
}

/**
 * The Chromium that the window's tests drive: CHROME_PATH where it is set, else what is installed.
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @param {(path: string) => boolean} exists
 * @returns {string | null}
 */
export function findBrowser(env = process.env, platform = process.platform, exists = existsSync) {
  const named = env.CHROME_PATH;
  if (named !== undefined && named !== '') return exists(named) ? named : null;
  return browserCandidates(env, platform).find((path) => exists(path)) ?? null;
}
