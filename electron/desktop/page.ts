import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { PAGE_ORIGIN, cspHeader } from './policy.ts';

/** Answers app://dropline/ from the built window, and from nowhere else. */

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** A plain name: no separator of any system, no drive, no `..`, nothing hidden. */
const COMPONENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** The components of the file that a URL stands for; null where it stands for none. */
export function pageFile(url: string): readonly string[] | null {
  if (!url.startsWith(`${PAGE_ORIGIN}/`)) return null;
  const path = url.slice(PAGE_ORIGIN.length + 1).replace(/[?#].*$/s, '');
  if (path === '') return ['index.html'];
  const components = path.split('/');
  if (!components.every((component) => COMPONENT.test(component))) return null;
  return extname(path) in MIME_TYPES ? components : null;
}

export function pageHeaders(file: string): Record<string, string> {
  return {
    'content-type': MIME_TYPES[extname(file)] ?? 'text/plain; charset=utf-8',
    'content-security-policy': cspHeader(),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}

/** `root`: the directory of the built window, which may lie inside an asar archive. */
export function servePage(root: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const components = request.method === 'GET' ? pageFile(request.url) : null;
    if (components === null) return notFound();
    const file = join(root, ...components);
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: pageHeaders(file) });
    } catch {
      return notFound();
    }
  };
}

function notFound(): Response {
  return new Response(null, { status: 404, headers: pageHeaders('') });
}
