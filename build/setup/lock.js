import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './say.js';

const POLL_MS = 200;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {string} folder */
function take(folder) {
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Who holds it; null while its owner is just writing that down. @param {string} folder */
function owner(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8')) || null;
  } catch {
    return null;
  }
}

/**
 * Runs `work` while no other setup of this checkout runs: two that start at once would otherwise
 * install and build over one another. A lock whose owner has died is taken over.
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(root, work) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `dropline-setup-${name}`);
  let said = false;
  let ownerless = 0;
  while (!take(folder)) {
    const pid = owner(folder);
    ownerless = pid === null ? ownerless + 1 : 0;
    if ((pid !== null && !isAlive(pid)) || ownerless > 10) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!said) say('waiting for another setup of this checkout to finish');
    said = true;
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
