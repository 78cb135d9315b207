import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFpm, makeRuntime } from './packaging/stand-in.js';

/**
 * `npm run package`: builds the installers that this computer can build, and says why not the others.
 * Where Electron's runtime is missing, a stand-in takes its place: such a package shows that the parts
 * fit, is named `…-no-runtime`, cannot start, and is never released.
 */

const ROOT = join(import.meta.dirname, '..');
const CLI = join(ROOT, 'node_modules', 'electron-builder', 'cli.js');
const CONFIG = join(ROOT, 'build', 'electron-builder.yml');
const NO_RUNTIME_NAME = '${productName}-${version}-${os}-${arch}-no-runtime.${ext}';

/** @param {string} text */
const say = (text) => process.stdout.write(`package: ${text}\n`);

/** @param {readonly string[]} args @param {NodeJS.ProcessEnv} env */
function build(args, env) {
  const options = { cwd: ROOT, env: { ...process.env, ...env }, encoding: 'utf8' };
  const run = spawnSync(
    process.execPath,
    [CLI, '--config', CONFIG, '--publish', 'never', ...args],
    /** @type {import('node:child_process').SpawnSyncOptionsWithStringEncoding} */ (options),
  );
  if (run.status === 0) return true;
  process.stderr.write(`${run.stdout}${run.stderr}`.split('\n').slice(-12).join('\n'));
  return false;
}

function packageForReal() {
  const built = build([], {});
  say(built ? 'built for this system, in out/packages' : 'failed, see above');
  return built;
}

function packageWithoutRuntime() {
  const scratch = mkdtempSync(join(tmpdir(), 'dropline-package-'));
  try {
    say('there is no Electron runtime here: a stand-in is packed, which cannot start');
    const common = [
      `-c.electronDist=${makeRuntime(scratch, ROOT)}`,
      `-c.artifactName=${NO_RUNTIME_NAME}`,
    ];
    const folder = build(['--linux', 'dir', ...common], {});
    say(folder ? 'linux folder: built' : 'linux folder: failed, see above');
    const hasDpkg = spawnSync('dpkg-deb', ['--version']).status === 0;
    const deb =
      hasDpkg && build(['--linux', 'deb', ...common], { CUSTOM_FPM_PATH: makeFpm(scratch) });
    say(deb ? 'deb: built' : hasDpkg ? 'deb: failed, see above' : 'deb: needs dpkg-deb');
    say(
      'AppImage, nsis, dmg: need their own tools and the runtime; the release workflow builds them',
    );
    return folder && (deb || !hasDpkg);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const hasRuntime = existsSync(join(ROOT, 'node_modules', 'electron', 'path.txt'));
process.exitCode = (hasRuntime ? packageForReal() : packageWithoutRuntime()) ? 0 : 1;
