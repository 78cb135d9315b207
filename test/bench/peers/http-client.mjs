import { createReadStream, readdirSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** `http-client.mjs ADDRESS PORT PATH AT_ONCE`: uploads a file or a folder, a PUT for each file. */
const [host, port, source, atOnce] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) });

/** @param {string} path @param {string} name */
function* filesIn(path, name) {
  if (!statSync(path).isDirectory()) {
    yield [path, name];
    return;
  }
  for (const entry of readdirSync(path)) yield* filesIn(join(path, entry), `${name}/${entry}`);
}

/** @param {string} path @param {string} name */
async function upload(path, name) {
  const url = name.split('/').map(encodeURIComponent).join('/');
  const headers = { 'content-length': statSync(path).size };
  const put = request({ agent, host, port, method: 'PUT', path: `/${url}`, headers });
  const answered = new Promise((resolve, reject) => {
    put.on('response', resolve).on('error', reject);
  });
  await Promise.all([pipeline(createReadStream(path), put), answered]);
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
