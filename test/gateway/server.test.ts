import { once } from 'node:events';
import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startConsole } from '../../electron/gateway/console.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { ConsoleHarness, PAGE } from './console-harness.ts';
import { FakeEngine } from './fake-engine.ts';

let harness: ConsoleHarness;

beforeEach(async () => {
  harness = await ConsoleHarness.start();
});

afterEach(async () => {
  await harness.stop();
});

test('the link becomes a session that no script reads and no other site sends, then is spent', async () => {
  expect(harness.console.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
  const first = await harness.ask(harness.tokenPath);
  expect(first.status).toBe(303);
  expect(first.headers.location).toBe('/');
  const [setCookie] = first.headers['set-cookie']!;
  const port = new URL(harness.origin).port;
  expect(setCookie).toMatch(
    new RegExp(`^dropline-${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/; Max-Age=\\d+$`),
  );
  const second = await harness.ask(harness.tokenPath);
  expect(second.status).toBe(403);
  expect(second.headers['set-cookie']).toBeUndefined();
  expect(second.body).toContain(en.console.refused.used.text);
});

test('the browser that has the session may reload and open its link again', async () => {
  const cookie = await harness.enter();
  for (let n = 0; n < 2; n++) {
    const page = await harness.ask('/', { cookie: `theme=dark; ${cookie}; other=1` });
    expect(page.status).toBe(200);
    expect(page.body).toBe(PAGE);
    expect(page.headers['set-cookie']![0]!.startsWith(cookie)).toBe(true);
  }
  const again = await harness.ask(harness.tokenPath, { cookie });
  expect(again.status).toBe(303);
  expect(again.headers.location).toBe('/');
});

test('a link that was clicked on another page leads in without a redirect', async () => {
  const opened = await harness.ask(harness.tokenPath, {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  });
  expect(opened.status).toBe(200);
  expect(opened.body).toContain('<meta http-equiv="refresh" content="0; url=/">');
  const cookie = opened.headers['set-cookie']![0]!.split(';')[0]!;
  expect((await harness.ask('/', { cookie })).body).toBe(PAGE);
});

test.each([
  ['no token and no cookie', '/', {}],
  ['an empty token', '/?token=', {}],
  ['a wrong token of the right length', `/?token=${'A'.repeat(43)}`, {}],
  ['a cookie of its own making', '/', { cookie: `dropline=${'A'.repeat(43)}` }],
])(
  'with %s the page is refused in words and nothing is given away',
  async (_how, path, headers) => {
    const answer = await harness.ask(path, headers);
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.body).toContain(en.console.refused.unknown.title);
    expect((await harness.ask('/assets/app.js', headers)).status).toBe(403);
  },
);

test('a wrong try does not spend the link', async () => {
  await harness.ask(`/?token=${'A'.repeat(43)}`);
  expect((await harness.ask(harness.tokenPath)).status).toBe(303);
});

test('the session of one console opens no other', async () => {
  const other = await ConsoleHarness.start();
  try {
    const value = (await harness.enter()).split('=')[1]!;
    const cookie = `dropline-${new URL(other.origin).port}=${value}`;
    expect((await other.ask('/', { cookie })).status).toBe(403);
  } finally {
    await other.stop();
  }
});

test('a host name that was re-pointed here gets nothing, not even with the token', async () => {
  const port = new URL(harness.origin).port;
  const hosts = [
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.1:${Number(port) + 1}`,
    `[::1]:${port}`,
  ];
  for (const host of hosts) {
    const answer = await harness.ask(harness.tokenPath, { host });
    expect(answer.status).toBe(403);
    expect(answer.body).toBe('');
  }
  const cookie = await harness.enter();
  for (const host of hosts) expect((await harness.ask('/', { host, cookie })).status).toBe(403);
  expect((await harness.ask('/', { host: `localhost:${port}`, cookie })).status).toBe(200);
});

test('what another page asks for is refused although the cookie comes along', async () => {
  const cookie = await harness.enter();
  const port = Number(new URL(harness.origin).port);
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${port + 1}` },
    { origin: `https://127.0.0.1:${port}` },
    { origin: `http://localhost:${port}` },
  ];
  for (const headers of foreign) {
    expect((await harness.ask('/', { cookie, ...headers })).status).toBe(403);
    expect((await harness.ask('/assets/app.js', { cookie, ...headers })).status).toBe(403);
  }
  const own = { cookie, origin: harness.origin, 'sec-fetch-site': 'same-origin' };
  expect((await harness.ask('/assets/app.js', own)).status).toBe(200);
});

test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'])(
  '%s is refused',
  async (method) => {
    const cookie = await harness.enter();
    const answer = await harness.ask('/', { cookie }, method);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET');
  },
);

test.each([
  '/../secret.txt',
  '/assets/../../secret.js',
  '/%2e%2e/secret.js',
  '/..%2fsecret.js',
  '/%2e%2e%2fsecret.js',
  '/%252e%252e%252fsecret.js',
  '/..%5csecret.js',
  '/..\\secret.js',
  '/..%c0%afsecret.js',
  '/assets/..%00/app.js',
  '/assets/app.js%00.txt',
  '/assets/app.js/',
  '//assets/app.js',
  '/./assets/app.js',
  '/assets//app.js',
  '/assets',
  '/assets/',
  '/assets/link.js',
  '/assets/notes.txt',
  '/__proto__',
  'http://evil.example/assets/app.js',
])('%s leads nowhere', async (path) => {
  const cookie = await harness.enter();
  const answer = await harness.ask(path, { cookie });
  expect(answer.status).toBe(404);
  expect(answer.body).toBe('');
});

test('each file of the window comes with its type', async () => {
  const cookie = await harness.enter();
  const types = {
    '/': 'text/html; charset=utf-8',
    '/index.html': 'text/html; charset=utf-8',
    '/assets/app.js': 'text/javascript; charset=utf-8',
    '/assets/app.css': 'text/css; charset=utf-8',
  };
  for (const [path, type] of Object.entries(types)) {
    const { status, headers } = await harness.ask(path, { cookie });
    expect([status, headers['content-type']]).toEqual([200, type]);
  }
});

test('every answer forbids all that the window does not need', async () => {
  const cookie = await harness.enter();
  const answers = await Promise.all([
    harness.ask('/', { cookie }),
    harness.ask('/assets/app.js', { cookie }),
    harness.ask('/nowhere', { cookie }),
    harness.ask('/'),
    harness.ask('/', { host: 'evil.example' }),
    harness.ask('/', {}, 'POST'),
    harness.ask(harness.tokenPath, { cookie }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 403, 403, 405, 303]);
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' ws://127.0.0.1:*",
        "base-uri 'none'",
        "form-action 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy.join()).not.toContain('unsafe');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('a request with headers beyond all measure is cut off and the next one is served', async () => {
  const cookie = await harness.enter();
  const huge = await harness.ask('/', { cookie, filler: 'x'.repeat(20_000) });
  expect(huge.status).toBe(431);
  expect((await harness.ask('/', { cookie })).status).toBe(200);
});

test('stopping cuts the connections that are open and gives the port back', async () => {
  const port = Number(new URL(harness.origin).port);
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  idle.resume();
  const cut = once(idle, 'close');
  await harness.console.stop();
  await cut;
  const refused = connect(port, '127.0.0.1');
  const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});

test('a port that is taken, and a window that was never built, are said so', async () => {
  const port = Number(new URL(harness.origin).port);
  const built = pathToFileURL(join(harness.directory, 'renderer') + '/');
  const engine = new FakeEngine();
  await expect(startConsole({ engine, rendererDirectory: built, port })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    details: { port },
  });
  const empty = await mkdtemp(join(tmpdir(), 'dropline-console-'));
  for (const directory of [empty, join(empty, 'missing')]) {
    const rendererDirectory = pathToFileURL(directory + '/');
    await expect(startConsole({ engine, rendererDirectory, port: 0 })).rejects.toMatchObject({
      code: 'PATH_NOT_FOUND',
    });
  }
  await rm(empty, { recursive: true });
});
