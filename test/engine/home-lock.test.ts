import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockHome } from '../../electron/engine/home.ts';

/** If these fail, two engines write the files of one home, or none can any more. */

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dropline-home-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

test('one engine a home: the second hears so, until the first lets go', async () => {
  const unlock = await lockHome(home);
  await expect(lockHome(home)).rejects.toMatchObject({ code: 'HOME_LOCKED' });
  await unlock();
  await (
    await lockHome(home)
  )();
});

/** The lock is a file but on Windows, where it is a pipe that goes with its process. */
const locksByFile = process.platform !== 'win32';

/** A socket file that nobody listens on any more, as a crash leaves it. */
async function leaveStaleLock(): Promise<void> {
  const path = join(home, 'engine.sock');
  const aside = join(home, 'aside.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(aside, resolve));
  linkSync(aside, path);
  await new Promise((resolve) => server.close(resolve));
}

test.runIf(locksByFile)('a lock that a crash has left is taken over', async () => {
  await leaveStaleLock();
  expect(readdirSync(home)).toEqual(['engine.sock']);
  const unlock = await lockHome(home);
  await expect(lockHome(home)).rejects.toMatchObject({ code: 'HOME_LOCKED' });
  await unlock();
  expect(readdirSync(home)).toEqual([]);
});

test.runIf(locksByFile)('of several that take over a left lock at once, one gets it', async () => {
  for (let round = 0; round < 100; round++) {
    await leaveStaleLock();
    const tries = await Promise.allSettled(Array.from({ length: 4 }, () => lockHome(home)));
    const won = tries.filter((t) => t.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await won[0]!.value();
    rmSync(join(home, 'engine.sock'), { force: true });
  }
});

test('a lock works where the path of the home is too long for a socket', async () => {
  const deep = join(home, 'x'.repeat(120));
  mkdirSync(deep);
  const unlock = await lockHome(deep);
  await expect(lockHome(deep)).rejects.toMatchObject({ code: 'HOME_LOCKED' });
  await unlock();
});

test('a home is the same by another way to it', async () => {
  const deep = join(home, 'x'.repeat(120));
  const other = join(home, 'y'.repeat(120));
  mkdirSync(deep);
  symlinkSync(deep, other, 'junction');
  const unlock = await lockHome(deep);
  await expect(lockHome(other)).rejects.toMatchObject({ code: 'HOME_LOCKED' });
  await unlock();
});

test('a home in other capitals is the same one where the disk says so, and else another', async () => {
  const [written, other] = [join(home, 'Mine'), join(home, 'mINE')];
  mkdirSync(written);
  const isSame = existsSync(other);
  if (!isSame) mkdirSync(other);
  const unlock = await lockHome(written);
  const second = lockHome(other);
  if (isSame) await expect(second).rejects.toMatchObject({ code: 'HOME_LOCKED' });
  else await (await second)();
  await unlock();
});
