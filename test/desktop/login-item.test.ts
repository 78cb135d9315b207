import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  autostartEntry,
  autostartFile,
  programFile,
  setAutostart,
} from '../../electron/desktop/login-item.ts';

const folder = mkdtempSync(join(tmpdir(), 'dropline-login-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what starts with the session is where the desktop looks for it, and is gone again', () => {
  const file = autostartFile({ XDG_CONFIG_HOME: folder });
  expect(file).toBe(join(folder, 'autostart', 'dropline.desktop'));
  setAutostart(true, file, '/opt/Dropline/dropline-desktop');
  expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/Dropline/dropline-desktop" --hidden\n');
  setAutostart(false, file, '');
  expect(existsSync(file)).toBe(false);
  setAutostart(false, file, '');
});

test('a path with blanks and signs of the shell stays one word', () => {
  expect(autostartEntry('/home/a b/$HOME`"%f\\x')).toContain(
    'Exec="/home/a b/\\\\$HOME\\\\`\\\\"%%f\\\\\\\\x" --hidden',
  );
});

test('a program in one file is started from that file', () => {
  expect(programFile({ APPIMAGE: '/apps/Dropline.AppImage' }, '/tmp/.mount/x')).toBe(
    '/apps/Dropline.AppImage',
  );
  expect(programFile({}, '/usr/bin/dropline-desktop')).toBe('/usr/bin/dropline-desktop');
});
