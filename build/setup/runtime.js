import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const EXECUTABLES = new Map([
  ['darwin', 'Electron.app/Contents/MacOS/Electron'],
  ['win32', 'electron.exe'],
]);

/** @param {string} root */
export const electronFolder = (root) => join(root, 'node_modules', 'electron');

/** @param {NodeJS.ProcessEnv} env */
const override = (env) => env.ELECTRON_OVERRIDE_DIST_PATH ?? '';

/**
 * The executable of an unpacked Electron runtime, where there is one.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {string | null}
 */
export function findRuntime(root, env = process.env, platform = process.platform) {
  const electron = electronFolder(root);
  const pathFile = join(electron, 'path.txt');
  const written = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : '';
  if (override(env) === '' && written === '') return null;
  const folder = override(env) === '' ? join(electron, 'dist') : override(env);
  const executable = join(folder, written || EXECUTABLES.get(platform) || 'electron');
  return existsSync(executable) ? executable : null;
}

/** Someone has chosen the runtime by hand: no rule of thumb of ours overrides that. */
export function runtimeIsChosen(env = process.env) {
  return override(env) !== '';
}

/**
 * Why Electron cannot open a window on this machine, or null. Its sandbox is never turned off for it.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function whyNoElectron(root, env = process.env) {
  if (process.platform !== 'linux') return null;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'this computer has no screen';
  if (process.getuid?.() === 0) return 'Electron does not run as root with its sandbox on';
  if (namespacesAreClosed() && !hasRootHelper(root)) {
    return "this system does not let Electron's sandbox start";
  }
  return null;
}

function namespacesAreClosed() {
  /** @param {string} name */
  const value = (name) => {
    const file = `/proc/sys/kernel/${name}`;
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  };
  return (
    value('apparmor_restrict_unprivileged_userns') === '1' ||
    value('unprivileged_userns_clone') === '0'
  );
}

/** @param {string} root */
function hasRootHelper(root) {
  const helper = join(electronFolder(root), 'dist', 'chrome-sandbox');
  if (!existsSync(helper)) return false;
  const { uid, mode } = statSync(helper);
  return uid === 0 && (mode & 0o4000) !== 0;
}
