import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from './run.js';
import { electronFolder, findRuntime } from './runtime.js';
import { say } from './say.js';

/** How long a closed network may keep a person waiting for their window. */
const CONNECT_MS = 3_000;

/** @param {string} root @param {NodeJS.ProcessEnv} env */
function download(root, env) {
  const { version } = JSON.parse(readFileSync(join(electronFolder(root), 'package.json'), 'utf8'));
  const file = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  const mirror = env.npm_config_electron_mirror ?? env.ELECTRON_MIRROR;
  const base = mirror ?? 'https://github.com/electron/electron/releases/download/';
  return { file, url: `${base}v${version}/${file}` };
}

/** @param {string} file @param {NodeJS.ProcessEnv} env */
function isCached(file, env) {
  const homes = {
    darwin: join(homedir(), 'Library', 'Caches', 'electron'),
    win32: join(env.LOCALAPPDATA ?? homedir(), 'electron', 'Cache'),
    linux: join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'electron'),
  };
  const system =
    process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  const cache = env.electron_config_cache ?? homes[system];
  if (!existsSync(cache)) return false;
  return readdirSync(cache, { recursive: true }).some((name) => basename(String(name)) === file);
}

/** @param {string} proxy @returns {Promise<boolean>} */
function proxyAnswers(proxy) {
  return new Promise((resolve) => {
    const { hostname, port, protocol } = new URL(proxy);
    const socket = connect({
      host: hostname,
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    });
    socket.setTimeout(CONNECT_MS);
    /** @param {boolean} answered */
    const settle = (answered) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}

/**
 * Whether the file could be had from there: each hop has CONNECT_MS to answer.
 * @param {string} url
 * @param {number} hops
 * @returns {Promise<boolean>}
 */
async function answers(url, hops = 3) {
  try {
    const signal = AbortSignal.timeout(CONNECT_MS);
    const { status, headers } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    const next = headers.get('location');
    if (next !== null && status >= 300 && status < 400) {
      return hops > 0 && answers(new URL(next, url).href, hops - 1);
    }
    return status < 400;
  } catch {
    return false;
  }
}

/**
 * Fetches the runtime by Electron's own installer, which retries for minutes: so it is started only
 * where the file is there or its server answers.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | null>} the executable; null: not to be had now
 */
export async function fetchRuntime(root, env = process.env) {
  const installer = join(electronFolder(root), 'install.js');
  if (!existsSync(installer)) return null;
  const { file, url } = download(root, env);
  const proxy = env.ELECTRON_GET_USE_PROXY ? (env.HTTPS_PROXY ?? env.https_proxy) : undefined;
  if (!isCached(file, env)) {
    if (!(await (proxy === undefined ? answers(url) : proxyAnswers(proxy)))) return null;
    say("fetching Electron's runtime (over 100 MB, once)");
  }
  const code = await run(process.execPath, [installer], { cwd: root, stdio: ['ignore', 2, 2] });
  return code === 0 ? findRuntime(root, env) : null;
}
