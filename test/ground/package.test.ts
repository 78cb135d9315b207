import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRuntime } from '../../build/packaging/stand-in.js';

/**
 * If one of these fails: an installer lacks a part that the program needs, or carries what is nobody's
 * business, or a packaged Electron can be talked into running something else.
 */

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'dropline-packed-'));
const output = join(scratch, 'packages', 'linux-unpacked');
let shipped: readonly string[] = [];

beforeAll(async () => {
  const cli = join(ROOT, 'node_modules/electron-builder/cli.js');
  const runtime = `-c.electronDist=${makeRuntime(scratch, ROOT)}`;
  const config = [
    '--config',
    'build/electron-builder.yml',
    `-c.directories.output=${join(scratch, 'packages')}`,
  ];
  await run(process.execPath, [cli, ...config, '--linux', 'dir', '--publish', 'never', runtime], {
    cwd: ROOT,
  });
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
  const unwanted =
    /\.(map|ts|tsx)$|^\/node_modules\/(electron|vite|vitest|react|typescript|zod)(\/|$)/;
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
