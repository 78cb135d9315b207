import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameFacts } from '../../../shared/model/name-facts.ts';
import { anyName } from '../../support/hostile-names.ts';

const file = (name: string) => nameFacts({ name, kind: 'file' });

describe('what a name hides', () => {
  test.each([
    ['photo.jpg', '.jpg', []],
    ['Bericht 2025.final.PDF', '.pdf', []],
    ['archive.tar.gz', '.gz', []],
    ['notes', '', []],
    ['setup.exe', '.exe', ['program']],
    ['SETUP.EXE', '.exe', ['program']],
    ['run.sh', '.sh', ['program']],
    ['Install.AppImage', '.appimage', ['program']],
    ['invoice.docm', '.docm', ['program']],
    ['evil.exe.', '.exe', ['program']],
    ['evil.exe . .', '.exe', ['program']],
    ['evil.ex\u200be', '.exe', ['program']],
    ['evil.\u202eexe', '.exe', ['program']],
    ['photo.jpg.exe', '.exe', ['program', 'twoExtensions']],
    ['photo.JPG .scr', '.scr', ['program', 'twoExtensions']],
    ['photo.tar.exe', '.exe', ['program', 'twoExtensions']],
    [`photo.jpg${' '.repeat(60)}.exe`, '.exe', ['program', 'twoExtensions', 'longBlanks']],
    [`photo.jpg${'\u00a0'.repeat(60)}x`, '', ['longBlanks']],
    [`photo.jpg${'\u3164'.repeat(60)}.exe`, '.exe', ['program', 'twoExtensions', 'longBlanks']],
    ['\u0440aypal.pdf', '.pdf', ['mixedLetters']],
    ['p\u03bfst.pdf', '.pdf', ['mixedLetters']],
    ['\u043f\u043e\u0447\u0442\u0430 mail.pdf', '.pdf', []],
    ['5 \u00b5m \u5199\u771f photo.jpg', '.jpg', []],
    ['.bashrc', '.bashrc', ['readByPrograms']],
    ['authorized_keys', '', ['readByPrograms']],
    ['desktop.ini', '.ini', ['readByPrograms']],
  ])('%j is %s: %j', (name, extension, warnings) => {
    expect(file(name)).toEqual({ extension, warnings });
  });

  test('a folder has no extension, unless some system runs it', () => {
    expect(nameFacts({ name: 'v1.2', kind: 'folder' })).toEqual({ extension: '', warnings: [] });
    expect(nameFacts({ name: 'Photo.app', kind: 'folder' })).toEqual({
      extension: '.app',
      warnings: ['program'],
    });
    expect(nameFacts({ name: '.ssh', kind: 'folder' }).warnings).toEqual(['readByPrograms']);
  });

  test('never throws, and what it shows is short and can be seen', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const { extension } = file(name);
        expect(extension.length).toBeLessThanOrEqual(21);
        expect(extension).not.toMatch(/[\p{Cc}\p{DI}\s]/u);
      }),
    );
  });
});
