import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRuntime } from '../../build/packaging/stand-in.js';
import { TASKS, readLaunchOptions } from '../../electron/desktop/launch-options.ts';
import ar from '../../shared/text/ar.json' with { type: 'json' };
import de from '../../shared/text/de.json' with { type: 'json' };
import en from '../../shared/text/en.json' with { type: 'json' };
import es from '../../shared/text/es.json' with { type: 'json' };
import fr from '../../shared/text/fr.json' with { type: 'json' };
import ja from '../../shared/text/ja.json' with { type: 'json' };
import zhHans from '../../shared/text/zh-Hans.json' with { type: 'json' };
import zhHant from '../../shared/text/zh-Hant.json' with { type: 'json' };

/**
 * If one of these fails: an installer lacks a part that the program needs, or carries what is nobody's
 * business, or a packaged Electron can be talked into running something else.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'dropline-packed-'));
const output = join(scratch, 'packages', 'linux-unpacked');
const isLinux = process.platform === 'linux';
const entryFile = join(scratch, 'dropline.desktop');
/** In place of what builds a deb: keeps what it was told, and the desktop entry that would be in it. */
const KEEP_ENTRY = `#!/bin/sh
printf '%s\\n' "$@" >"$DROPLINE_ENTRY.told"
for word in "$@"; do
  case "$word" in
    *.desktop=/usr/share/applications/dropline-desktop.desktop) cp "\${word%%=*}" "$DROPLINE_ENTRY" ;;
    *.deb) : >"$word" ;;
  esac
done
`;
let shipped: readonly string[] = [];

beforeAll(async () => {
  const cli = join(ROOT, 'node_modules/electron-builder/cli.js');
  const runtime = `-c.electronDist=${makeRuntime(scratch, ROOT)}`;
  const config = [
    '--config',
    'build/electron-builder.yml',
    `-c.directories.output=${join(scratch, 'packages')}`,
  ];
  const fpm = join(scratch, 'fpm');
  writeFileSync(fpm, KEEP_ENTRY, { mode: 0o755 });
  const targets = isLinux ? ['dir', 'deb'] : ['dir'];
  await run(
    process.execPath,
    [cli, ...config, '--linux', ...targets, '--publish', 'never', runtime],
    {
      cwd: ROOT,
      env: { ...process.env, CUSTOM_FPM_PATH: fpm, DROPLINE_ENTRY: entryFile },
    },
  );
  const asar = join(ROOT, 'node_modules/@electron/asar/bin/asar.js');
  const { stdout } = await run(
    process.execPath,
    [asar, 'list', join(output, 'resources/app.asar')],
    {
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  shipped = stdout.split(/\r?\n/).map((line) => line.replaceAll('\\', '/'));
}, 90_000);

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test('everything that runs is in it: the window, both programs and every worker', () => {
  const needed = [
    '/out/main/desktop.js',
    '/out/main/dropline.js',
    '/out/main/send-worker.js',
    '/out/main/receive-worker.js',
    '/out/main/discovery-worker.js',
    '/out/main/thumbnail-worker.js',
    '/node_modules/@silvia-odwyer/photon-node/photon_rs.js',
    '/node_modules/@silvia-odwyer/photon-node/photon_rs_bg.wasm',
    '/node_modules/@silvia-odwyer/photon-node/LICENSE.md',
    '/out/preload/preload.cjs',
    '/out/renderer/index.html',
    '/node_modules/ws/package.json',
    '/node_modules/bonjour-service/package.json',
  ];
  expect(shipped).toEqual(expect.arrayContaining(needed));
});

test('nothing else is: no source, no test, no map, no tool of the workshop', () => {
  const own = shipped.filter((path) => path !== '' && !path.startsWith('/node_modules'));
  const allowed = /^\/(package\.json|out|out\/(main|preload|renderer)(\/.*)?)$/;
  expect(own.filter((path) => !allowed.test(path))).toEqual([]);
  const unwanted = /\.(map|ts|tsx)$|^\/node_modules\/(electron|vite|vitest|react|typescript)(\/|$)/;
  const built = 'zod|i18next|commander|electron-log|cli-progress|string-width';
  const twice = new RegExp(`^/node_modules/(${built})/.*\\.([cm]?js|json)$`);
  expect(shipped.filter((path) => twice.test(path))).toEqual([]);
  expect(shipped.filter((path) => unwanted.test(path))).toEqual([]);
});

test('the hash addon lies outside the archive, where the system can load it', () => {
  const outside = readdirSync(join(output, 'resources/app.asar.unpacked'), {
    recursive: true,
    encoding: 'utf8',
  });
  expect(outside.filter((path) => path.endsWith('.node'))).toHaveLength(1);
});

test('the fuses are blown: no Node mode, no options from outside, the archive only and checked', () => {
  const program = readFileSync(join(output, 'dropline-desktop'), 'latin1');
  const mark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
  const wire = program.slice(program.indexOf(mark) + mark.length + 2);
  // run as node, cookie encryption, NODE_OPTIONS, inspect, asar integrity, asar only, snapshot, file:
  expect(wire.slice(0, 8)).toBe('01001100');
});

/** A group of the desktop entry, by its keys. */
function entryGroup(name: string): ReadonlyMap<string, string> {
  const [, group = ''] = readFileSync(entryFile, 'utf8').split(`[${name}]\n`);
  const lines = (group.split('\n[')[0] ?? '').split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** By what desktops of Linux call the languages. */
const CATALOGUES = { '': en, de, fr, es, ja, zh_CN: zhHans, zh_TW: zhHant, ar };

test.runIf(isLinux)('on Linux the icon offers each task, in every language, and begins it', () => {
  const entry = entryGroup('Desktop Entry');
  expect(entry.get('Actions')).toBe(`${TASKS.join(';')};`);
  for (const task of TASKS) {
    const action = entryGroup(`Desktop Action ${task}`);
    const [program, ...words] = (action.get('Exec') ?? '').split(' ');
    expect(program).toBe('dropline-desktop');
    expect(readLaunchOptions(words, {})).toMatchObject({ task, paths: [] });
    for (const [language, { desktop }] of Object.entries(CATALOGUES)) {
      const { sendFiles, sendFolder } = desktop.menu;
      const said = { sendFiles, sendFolder, showFolder: desktop.tray.folder }[task];
      expect(action.get(language === '' ? 'Name' : `Name[${language}]`)).toBe(said);
    }
  }
});

test.runIf(isLinux)(
  'on Linux it takes files that are given to it, and no double click away',
  () => {
    const entry = entryGroup('Desktop Entry');
    // by their addresses, which a start takes like paths
    expect(entry.get('Exec')).toBe('/opt/Dropline/dropline-desktop %U');
    expect(entry.get('MimeType')).toBeUndefined();
  },
);

test.runIf(isLinux)('the deb puts what was built where the file managers look for it', () => {
  const told = readFileSync(`${entryFile}.told`, 'utf8').split('\n');
  const maps = told.filter((word) => word.startsWith('out/file-managers/'));
  expect(maps.map((map) => map.split('=')[1]).toSorted()).toEqual([
    '/usr/share/Thunar/sendto/dropline.desktop',
    '/usr/share/kio/servicemenus/dropline.desktop',
    '/usr/share/nautilus-python/extensions/dropline.py',
    '/usr/share/nemo/actions/dropline.nemo_action',
  ]);
  const built = readdirSync(join(ROOT, 'out/file-managers')).map(
    (name) => `out/file-managers/${name}`,
  );
  expect(maps.map((map) => map.split('=')[0]).toSorted()).toEqual(built.toSorted());
});
