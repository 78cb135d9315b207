import { createReadStream, readdirSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * `http-client.mjs ADDRESS PORT PATH AT_ONCE`: uploads a file or a folder, a PUT for each file, and one with a
 * slash at its end for each folder that is empty: the others come with what is in them.
 */
const [host, port, source, atOnce] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) });

/** @param {string} path @param {string} name */
function* filesIn(path, name) {
  if (!statSync(path).isDirectory()) {
    yield [path, name];
    return;
  }
  const entries = readdirSync(path);
  if (entries.length === 0) yield [path, `${name}/`];
  for (const entry of entries) yield* filesIn(join(path, entry), `${name}/${entry}`);
}

/** @param {string} path @param {string} name */
async function upload(path, name) {
  const url = name.split('/').map(encodeURIComponent).join('/');
  const isFolder = name.endsWith('/');
  const headers = { 'content-length': isFolder ? 0 : statSync(path).size };
  const put = request({ agent, host, port, method: 'PUT', path: `/${url}`, headers });
  const answered = new Promise((resolve, reject) => {
    put.on('response', resolve).on('error', reject);
  });
  if (isFolder) put.end();
  await Promise.all([isFolder || pipeline(createReadStream(path), put), answered]);
  const response = await answered;
  response.resume();
  if (response.statusCode !== 204) throw new Error(`${name}: ${response.statusCode}`);
}

const files = filesIn(source, basename(source));
await Promise.all(
  Array.from({ length: Number(atOnce) }, async () => {
    for (const [path, name] of files) await upload(path, name);
  }),
);
agent.destroy();
