import { resolve } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Handlers, Pickers } from '../../electron/desktop/requests.ts';
import { PAGE_ORIGIN } from '../../electron/desktop/policy.ts';
import { CHANNELS, answer, answerFrame, createHandlers } from '../../electron/desktop/requests.ts';
import type { Commands } from '../../shared/contract.ts';
import { commandSchemas } from '../../shared/contract.ts';
import { DroplineError, isErrorCode } from '../../shared/errors.ts';
import { aTransferId } from './samples.ts';

/** An engine's ports that write down what reaches them. */
let calls: unknown[] = [];
let handlers: Handlers;
let picked: readonly string[] = [];
let folder: string | null = null;

const answerWithId = { transferId: aTransferId };
const refused = (value: unknown) => ({ ok: true, value: value ?? null });

beforeEach(() => {
  calls = [];
  picked = [];
  folder = null;
  const note = (name: string) => (input: unknown) => {
    calls.push([name, input]);
    return Promise.resolve(null);
  };
  const names = Object.keys(commandSchemas) as (keyof Commands)[];
  const commands: Commands = {
    ...(Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as Commands),
    send: (input) => {
      calls.push(['send', input]);
      return Promise.resolve(answerWithId);
    },
    cancel: () => Promise.reject(new DroplineError('PEER_GONE', { name: 'Anna' })),
    retry: () => Promise.reject(new Error('a bug, with /home/me/secret in it')),
  };
  const pickers: Pickers = {
    pick: () => Promise.resolve(picked),
    chooseFolder: () => Promise.resolve(folder),
  };
  const feed = {
    watch: () => {
      calls.push('watch');
      return null;
    },
    seen: () => null,
  };
  const engine = {
    commands,
    stagePaths: (paths: readonly string[]) => {
      calls.push(['stagePaths', paths]);
      const items = paths.map((name) => ({ name, kind: 'file' as const }));
      return Promise.resolve({ selectionId: 'c'.repeat(32), items, itemCount: paths.length });
    },
    stagePasted: (paths: readonly string[], things: readonly { readonly name: string }[]) => {
      calls.push(['stagePasted', paths, things.map(({ name }) => name)]);
      return Promise.resolve({ selectionId: 'c'.repeat(32), items: [], itemCount: 1 });
    },
    nameFolder: (path: string) => Promise.resolve({ folderId: 'd'.repeat(32), path }),
  };
  handlers = createHandlers(engine, pickers, feed);
});

const call = (name: string, input: unknown) => answer(handlers, 'dropline:call', { name, input });

describe('a command from the page', () => {
  const send = {
    selectionId: 'e'.repeat(32),
    to: { kind: 'peer', key: 'k' },
    mode: 'tls',
  };

  test('reaches the engine when it has the form of the contract', async () => {
    expect(await call('send', send)).toEqual(refused(answerWithId));
    expect(calls).toEqual([['send', send]]);
  });

  test.each([
    ['nothing', 'send', undefined],
    ['a path where an id belongs', 'send', { ...send, selectionId: '/etc/passwd' }],
    ['a way to send that does not exist', 'send', { ...send, mode: 'ftp' }],
    ['a setting that a window may not change', 'setSettings', { accept: 'all' }],
    ['a folder by its path', 'setDirectory', { folderId: '/' }],
    ['the id of no transfer', 'reveal', { transferId: '../x' }],
  ])('with %s is refused before the engine hears of it', async (_what, name, input) => {
    expect(await call(name, input)).toEqual({
      ok: false,
      failure: { code: 'WRONG_USAGE', details: { command: name } },
    });
    expect(calls).toEqual([]);
  });

  test.each(['stagePaths', 'stop', '__proto__', 'constructor', 'toString', ''])(
    'called %j does not exist',
    async (name) => {
      expect(await call(name, {})).toMatchObject({ ok: false, failure: { code: 'WRONG_USAGE' } });
      expect(calls).toEqual([]);
    },
  );

  test('fails as a plain value that the window can read', async () => {
    expect(await call('cancel', { transferId: aTransferId })).toEqual({
      ok: false,
      failure: { code: 'PEER_GONE', details: { name: 'Anna' } },
    });
    expect(await call('retry', { transferId: aTransferId })).toMatchObject({
      ok: false,
      failure: { code: 'INTERNAL' },
    });
  });
});

describe('what is pasted', () => {
  const bytes = new Uint8Array([1, 2, 3]);

  test('reaches the engine by its paths and its bytes', async () => {
    const paths = [resolve('/music/song.ogg')];
    const input = { paths, things: [{ name: 'image.png', bytes }] };
    expect(await answer(handlers, 'dropline:stage-pasted', input)).toMatchObject({ ok: true });
    expect(calls).toEqual([['stagePasted', paths, ['image.png']]]);
  });

  test.each([
    ['bytes that are none', { paths: [], things: [{ name: 'image.png', bytes: 'abc' }] }],
    ['more than anybody pastes', { paths: [], things: Array(21).fill({ name: 'a', bytes }) }],
    ['a path of its own choosing', { paths: ['song.ogg'], things: [] }],
    ['a name without end', { paths: [], things: [{ name: 'a'.repeat(256), bytes }] }],
  ])('is refused where it holds %s', async (_what, input) => {
    expect(await answer(handlers, 'dropline:stage-pasted', input)).toMatchObject({
      ok: false,
      failure: { code: 'WRONG_USAGE' },
    });
    expect(calls).toEqual([]);
  });
});

describe('a frame', () => {
  const mainFrame = { origin: PAGE_ORIGIN, parent: null };
  const input = { name: 'send', input: { selectionId: 'e'.repeat(32), to: null, mode: 'tls' } };
  const known = { name: 'block', input: { peerId: 'a'.repeat(64), remember: false } };

  test('that is our page reaches the engine', async () => {
    const frames = { sender: mainFrame, mainFrame };
    const heard = await answerFrame(frames, handlers, 'dropline:call', known);
    expect(heard).toEqual(refused(null));
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['another one of our origin', { origin: PAGE_ORIGIN, parent: null }, mainFrame],
    ['one inside our page', { origin: PAGE_ORIGIN, parent: mainFrame }, mainFrame],
    ['one that is gone', null, mainFrame],
    ['one where no window is', null, null],
  ])('that is %s reaches nobody, on no channel', async (_what, sender, main) => {
    for (const channel of CHANNELS) {
      for (const said of [input, known, ['/home/me/a'], 'files', null]) {
        const frames = { sender, mainFrame: main };
        expect(await answerFrame(frames, handlers, channel, said)).toEqual({
          ok: false,
          failure: { code: 'WRONG_USAGE', details: { channel } },
        });
      }
    }
    expect(calls).toEqual([]);
  });
});

describe('dropped files', () => {
  const stage = (paths: unknown) => answer(handlers, 'dropline:stage', paths);

  test('are staged by their paths and come back as a selection', async () => {
    expect(await stage(['/home/me/a', '/home/me/b'])).toMatchObject({
      ok: true,
      value: { itemCount: 2 },
    });
    expect(calls).toEqual([['stagePaths', ['/home/me/a', '/home/me/b']]]);
  });

  test.each([
    ['no files', []],
    ['a relative path', ['a']],
    ['a path with a NUL in it', ['/home/me\0/a']],
    ['an empty path', ['']],
    ['something that is no path', [{}]],
    ['more than a person drops', Array.from({ length: 10_001 }, () => '/a')],
  ])('are refused when they are %s', async (_what, paths) => {
    expect(await stage(paths)).toMatchObject({ ok: false, failure: { code: 'WRONG_USAGE' } });
    expect(calls).toEqual([]);
  });
});

describe('the dialogs', () => {
  test('answer null when the person closes them', async () => {
    expect(await answer(handlers, 'dropline:pick', 'files')).toEqual(refused(null));
    expect(await answer(handlers, 'dropline:choose-folder', null)).toEqual(refused(null));
    expect(calls).toEqual([]);
  });

  test('stage what was picked, and name the folder that was chosen', async () => {
    picked = ['/home/me/a'];
    folder = '/home/me/Inbox';
    expect(await answer(handlers, 'dropline:pick', 'folder')).toMatchObject({
      value: { itemCount: 1 },
    });
    expect(await answer(handlers, 'dropline:choose-folder', null)).toMatchObject({
      value: { path: '/home/me/Inbox' },
    });
  });
});

test('whatever the page sends on whatever channel, the answer is a value', async () => {
  const request = fc.oneof(
    fc.anything(),
    fc.record({ name: fc.constantFrom(...Object.keys(commandSchemas)), input: fc.anything() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...CHANNELS), request, async (channel, input) => {
      const result = await answer(handlers, channel, input);
      if (!result.ok) expect(isErrorCode(result.failure.code)).toBe(true);
    }),
  );
});
