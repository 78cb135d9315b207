import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageFile, servePage } from '../../electron/desktop/page.ts';
import { cspHeader } from '../../electron/desktop/policy.ts';

let folder = '';
let serve: (request: Request) => Promise<Response>;

/** The page lies beside something that must never be served. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropline-page-'));
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.html'), 'secret');
  await writeFile(join(folder, 'renderer', 'index.html'), '<p>page</p>');
  await writeFile(join(folder, 'renderer', '.hidden.html'), 'hidden');
  await writeFile(join(folder, 'renderer', 'assets', 'index-4f.js'), 'export {};');
  await writeFile(join(folder, 'renderer', 'assets', 'index.css'), 'p {}');
  await writeFile(join(folder, 'renderer', 'assets', 'notes.exe'), 'MZ');
  serve = servePage(join(folder, 'renderer'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('app://dropline/', () => {
  test.each([
    ['app://dropline/', 'text/html; charset=utf-8', '<p>page</p>'],
    ['app://dropline/index.html', 'text/html; charset=utf-8', '<p>page</p>'],
    ['app://dropline/?theme=dark#x', 'text/html; charset=utf-8', '<p>page</p>'],
    ['app://dropline/assets/index-4f.js', 'text/javascript; charset=utf-8', 'export {};'],
    ['app://dropline/assets/index.css', 'text/css; charset=utf-8', 'p {}'],
  ])('serves %s as %s', async (url, type, text) => {
    const response = await serve(new Request(url));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(text);
  });

  test('sends the policies with everything, an error included', async () => {
    for (const url of ['app://dropline/', 'app://dropline/missing.js']) {
      const { headers } = await serve(new Request(url));
      expect(headers.get('content-security-policy')).toBe(cspHeader());
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test.each([
    'app://dropline/../secret.html',
    'app://dropline/assets/../../secret.html',
    'app://dropline/%2e%2e/secret.html',
    'app://dropline/..%2fsecret.html',
    'app://dropline/..%5csecret.html',
    'app://dropline/..\\secret.html',
    'app://dropline//secret.html',
    'app://dropline/../../etc/passwd',
    'app://dropline/C:/secret.html',
    'app://dropline/.hidden.html',
    'app://dropline/assets/notes.exe',
    'app://dropline/assets',
    'app://dropline/index.html%00.js',
    'app://other/index.html',
    'file:///etc/passwd',
  ])('has nothing at %s', async (url) => {
    // A plain object: the constructor of Request would tidy the very thing that is tried.
    const response = await serve({ url, method: 'GET' } as Request);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  test('takes nothing in', async () => {
    const response = await serve(new Request('app://dropline/', { method: 'POST', body: 'x' }));
    expect(response.status).toBe(404);
  });
});

test('no URL stands for a file outside the page', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('..', '.', '', '%2e%2e', '\\', 'a.js', 'C:'));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const file = pageFile(`app://dropline/${parts.join('/')}`);
      return file === null || file.every((name) => /^[\w-][\w.-]*$/.test(name));
    }),
  );
});
