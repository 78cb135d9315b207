import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandTongue, systemLanguages } from '../../electron/terminal/language.ts';
import { onBench } from '../support/command.ts';
import de from '../../shared/text/de.json' with { type: 'json' };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-language-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const set = (language: string): void =>
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ language }));

test.each([
  [{ LC_ALL: 'de_CH.UTF-8', LANG: 'en_US.UTF-8' }, ['de-CH']],
  [{ LC_ALL: '', LC_MESSAGES: 'de_DE@euro', LANG: 'en_US' }, ['de-DE']],
  [{ LANG: 'C.UTF-8' }, []],
  [{ LC_ALL: 'POSIX', LANG: 'de_DE' }, []],
])('the system names its language: %o', (env, languages) => {
  expect(systemLanguages(env)).toEqual(languages);
});

test('what the person has set goes before what the system says', async () => {
  const env = { LANG: 'en_GB.UTF-8' };
  expect(await commandTongue(['send', '--home', home], env)).toMatchObject({ language: 'en' });
  set('de');
  expect(await commandTongue(['send', '--home', home], env)).toMatchObject({ language: 'de' });
  set('klingon');
  expect(await commandTongue(['send', `--home=${home}`], env)).toMatchObject({ locale: 'en-GB' });
});

test('with --json nothing depends on the language', async () => {
  set('de');
  const tongue = await commandTongue(['--json', '--home', home], { LANG: 'de_DE.UTF-8' });
  expect(tongue).toMatchObject({ language: 'en', locale: 'en' });
});

test(
  'the command speaks the language of the system',
  onBench(async (bench) => {
    const env = { LC_ALL: 'de_DE.UTF-8' };
    const { stderr } = await bench.run(['history'], { env }).ended;
    expect(stderr).toBe(`${de.terminal.historyEmpty}\n`);
    const { stdout } = await bench.run(['--help'], { env }).ended;
    expect(stdout).toContain(de.terminal.programDescription);
  }),
);
