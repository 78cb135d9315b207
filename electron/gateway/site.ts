import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DroplineError } from '../../shared/errors.ts';

export interface SiteFile {
  readonly path: string;
  readonly mimeType: string;
}

/** What a built window is made of. Anything else in its directory is not served. */
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

/**
 * Lists the built window once, by request path. A request is looked up in this list as it was written,
 * so no path is ever made from what a request says and there is nothing to traverse. Links are left out.
 * Throws PATH_NOT_FOUND where there is no built window.
 */
export async function listSite(directory: URL): Promise<ReadonlyMap<string, SiteFile>> {
  const root = fileURLToPath(directory);
  const site = new Map<string, SiteFile>();
  try {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const mimeType = MIME_TYPES[extname(entry.name)];
      if (!entry.isFile() || mimeType === undefined) continue;
      site.set(`/${relative(root, path).split(sep).join('/')}`, { path, mimeType });
    }
  } catch (error) {
    throw new DroplineError('PATH_NOT_FOUND', { path: root }, { cause: error });
  }
  const page = site.get('/index.html');
  if (page === undefined) throw new DroplineError('PATH_NOT_FOUND', { path: root });
  return site.set('/', page);
}
