import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands in for tools that this computer does not have, so that packaging can be tried here. */

/** Where Electron's binary keeps its fuses: the mark, a version, their number, then one byte each. */
const FUSE_MARK = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_VERSION = 1;
const FUSE_COUNT = 9;

/** An unpacked runtime that says that it is none. @param {string} scratch @param {string} root */
export function makeRuntime(scratch, root) {
  const folder = join(scratch, 'runtime');
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  const manifest = readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest);
  writeFileSync(join(folder, 'version'), version);
  writeFileSync(join(folder, 'locales', 'en-US.pak'), '');
  writeFileSync(join(folder, 'LICENSE'), '');
  writeFileSync(join(folder, 'LICENSES.chromium.html'), '');
  const program = Buffer.concat([
    Buffer.from('#!/bin/sh\necho "This package has no Electron runtime." >&2\nexit 1\n'),
    Buffer.from(FUSE_MARK),
    Buffer.from([FUSE_VERSION, FUSE_COUNT]),
    Buffer.from('0'.repeat(FUSE_COUNT)),
  ]);
  const path = join(folder, 'electron');
  writeFileSync(path, program);
  chmodSync(path, 0o755);
  return folder;
}

/** fpm as far as electron-builder asks for it, on dpkg-deb. @param {string} scratch */
export function makeFpm(scratch) {
  const path = join(scratch, 'fpm');
  writeFileSync(path, readFileSync(join(import.meta.dirname, 'fpm.sh')));
  chmodSync(path, 0o755);
  return path;
}
