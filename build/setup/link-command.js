import {
  chmodSync,
  existsSync,
  mkdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const TARGET = join('..', '..', 'out', 'main', 'dropline.js');

/** @param {string} link */
function pointsAt(link) {
  try {
    return readlinkSync(link);
  } catch {
    return null; // nothing there yet
  }
}

/**
 * Makes `npx dropline` work in the checkout: npm links the commands of packages that are installed, and
 * a package is not installed in itself.
 * @param {string} root
 */
export function linkCommand(root) {
  const command = join(root, 'out', 'main', 'dropline.js');
  if (!existsSync(command)) return;
  chmodSync(command, 0o755);
  const bin = join(root, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  if (process.platform === 'win32') {
    writeFileSync(join(bin, 'dropline.cmd'), `@node "%~dp0\\${TARGET}" %*\r\n`);
    return;
  }
  const link = join(bin, 'dropline');
  if (pointsAt(link) === null) symlinkSync(TARGET, link);
}
