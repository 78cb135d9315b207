import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * `http-server.mjs ADDRESS PORT FOLDER`: a PUT for each file, by a pipe, as most apps of this kind do it.
 * A path that ends in a slash is an empty folder.
 */
const [address, port, folder] = process.argv.slice(2);

createServer((request, response) => {
  const path = join(folder, decodeURIComponent(request.url));
  if (path.endsWith('/')) {
    mkdirSync(path, { recursive: true });
    response.writeHead(204).end();
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  pipeline(request, createWriteStream(path)).then(
    () => response.writeHead(204).end(),
    (error) => response.writeHead(500).end(String(error)),
  );
}).listen(Number(port), address);

process.on('SIGTERM', () => process.exit());
