import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BrowserHost } from '../../electron/gateway/open-browser.ts';
import { fileUri, revealInFileManager } from '../../electron/gateway/reveal.ts';
import corpus from '../corpus/names.json' with { type: 'json' };
import { anyText } from '../support/any-text.ts';

/**
 * If these fail, "Show in folder" shows another file or none, or a file's name is run as a command.
 */

const PATH = `/home/mara/Téléchargements/it's "50%", $(all)'] & more.txt`;
const URI =
  'file:///home/mara/T%C3%A9l%C3%A9chargements/' +
  'it%27s%20%2250%25%22%2C%20%24%28all%29%27%5D%20%26%20more.txt';

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: unknown;
}

/** A system where only some programs work. */
function hostWith(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, working: readonly string[]) {
  const launches: Launch[] = [];
  const host: BrowserHost = {
    platform,
    env,
    launch: async (command, args, options) => {
      launches.push({ command, args, options });
      return working.includes(command);
    },
  };
  return { host, launches };
}

const screen = { DISPLAY: ':0' };
const gdbus = [
  'call',
  '--session',
  '--dest',
  'org.freedesktop.FileManager1',
  '--object-path',
  '/org/freedesktop/FileManager1',
  '--method',
  'org.freedesktop.FileManager1.ShowItems',
  `['${URI}']`,
  "''",
];
const dbusSend = [
  '--session',
  '--print-reply',
  '--dest=org.freedesktop.FileManager1',
  '--type=method_call',
  '/org/freedesktop/FileManager1',
  'org.freedesktop.FileManager1.ShowItems',
  `array:string:${URI}`,
  'string:',
];
const folder = ['/home/mara/Téléchargements'];

test.each([
  ['the file manager is asked to select it', ['gdbus'], [['gdbus', gdbus]]],
  [
    'another program may carry the question',
    ['dbus-send'],
    [
      ['gdbus', gdbus],
      ['dbus-send', dbusSend],
    ],
  ],
  [
    'its folder is opened where no file manager can select anything',
    ['xdg-open'],
    [
      ['gdbus', gdbus],
      ['dbus-send', dbusSend],
      ['xdg-open', folder],
    ],
  ],
] as const)('on Linux %s', async (_what, working, expected) => {
  const { host, launches } = hostWith('linux', screen, working);
  await revealInFileManager(PATH, host);
  expect(launches.map(({ command, args }) => [command, args])).toEqual(expected);
});

test('on a Mac the Finder selects it', async () => {
  const { host, launches } = hostWith('darwin', {}, ['/usr/bin/open']);
  await revealInFileManager(PATH, host);
  expect(launches).toMatchObject([{ command: '/usr/bin/open', args: ['-R', PATH] }]);
});

test('on Windows the Explorer selects it, blanks and commas included', async () => {
  const { host, launches } = hostWith('win32', { SystemRoot: 'C:\\Windows' }, []);
  await revealInFileManager('C:\\Users\\Mara\\a, b\\c d.txt', host);
  expect(launches).toEqual([
    {
      command: expect.stringMatching(/^C:\\Windows.explorer\.exe$/) as string,
      args: ['/select,"C:\\Users\\Mara\\a, b\\c d.txt"'],
      options: { isQuoted: true },
    },
  ]);
});

test.each([
  ['without a screen', 'linux', {}, 0],
  ['where no program works', 'linux', screen, 3],
  ['where the Finder fails', 'darwin', {}, 1],
] as const)('%s the person is told, with the path', async (_what, platform, env, tries) => {
  const { host, launches } = hostWith(platform, env, []);
  const told = { code: 'NO_FILE_MANAGER', details: { path: PATH } };
  await expect(revealInFileManager(PATH, host)).rejects.toMatchObject(told);
  expect(launches).toHaveLength(tries);
});

test('a path becomes an address that leads back to it, of letters that nothing reads otherwise', () => {
  const names = corpus.flatMap(({ parts }) => parts);
  const isPath = (path: string) =>
    !path.includes('\0') && Buffer.from(path).toString('utf8') === path;
  const check = (name: string) => {
    const path = `/${name}`;
    const uri = fileUri(path);
    expect(uri).toMatch(/^file:\/\/[A-Za-z0-9\-._~/%]*$/);
    expect(decodeURIComponent(uri.slice('file://'.length))).toBe(path);
  };
  expect(names.filter(isPath).length).toBeGreaterThan(50);
  names.filter(isPath).forEach(check);
  fc.assert(fc.property(anyText().filter(isPath), check));
  expect(fileURLToPath(URI, { windows: false })).toBe(PATH); // only Linux asks for it
});

const BUS_PROGRAMS = ['dbus-daemon', 'dbus-monitor', 'gdbus', 'dbus-send'];
const hasBus = BUS_PROGRAMS.every((name) => spawnSync('which', [name]).status === 0);

test.skipIf(!hasBus)('the real programs put that very address on the message bus', async () => {
  const daemon = run('dbus-daemon', ['--session', '--nofork', '--print-address']);
  const address = (await daemon.text(/unix:.*/))[0];
  const rule = "type='method_call',interface='org.freedesktop.FileManager1'";
  const monitor = run('dbus-monitor', ['--address', address, rule]);
  try {
    await monitor.text(/NameLost/);
    const launch: BrowserHost['launch'] = async (command, args) => {
      if (command === 'xdg-open') return true;
      const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address };
      return (await once(spawn(command, args, { env, stdio: 'ignore' }), 'exit'))[0] === 0;
    };
    // nobody answers on this bus, so that one after the other asks
    await revealInFileManager(PATH, { platform: 'linux', env: screen, launch });
    await monitor.text(/ShowItems[^]*ShowItems[^]*string ""\n/);
    const call = `member=ShowItems\n   array [\n      string "${URI}"\n   ]\n   string ""\n`;
    expect(monitor.written.split(call)).toHaveLength(3);
  } finally {
    await Promise.all([monitor.stop(), daemon.stop()]);
  }
});

function run(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const program = {
    written: '',
    text: async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const found = pattern.exec(program.written);
        if (found) return found;
        await once(child.stdout, 'data');
      }
    },
    stop: async () => {
      child.kill();
      await ended;
    },
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    program.written += text;
  });
  return program;
}
