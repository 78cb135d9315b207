import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Line, Program } from '../support/command.ts';
import { Bench } from '../support/command.ts';
import type { Host } from '../support/hosts.ts';
import { withTwoHosts } from '../support/hosts.ts';
import {
  entryAt,
  leftovers,
  makeExecutable,
  putFile,
  readTree,
  setFolderTimes,
  setTime,
} from '../support/trees.ts';

/**
 * If these fail, a file does not go from one computer to another: the whole road, with the command that
 * a person types on two hosts that share nothing but a cable.
 */

const MIB = 1024 * 1024;
const LARGE_BYTES = 512 * MIB + 5;
/** The window and one block: what may be on its way when the wire goes. */
const MOST_SENT_AGAIN_BYTES = 9 * MIB;

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

function run(host: Host, args: readonly string[]): Program {
  return bench.run([...args, '--json', '--home', bench.path(`${host.name}-home`)], {
    launch: (command, words, options) => host.spawn(command, words, options),
  });
}

async function receive(host: Host, name: string, ...more: readonly string[]) {
  const directory = bench.directory(`${host.name}-inbox`);
  const where = ['--name', name, '--dir', directory, '--accept', 'all'];
  const program = run(host, ['receive', ...where, ...more]);
  const { peerId } = await program.line('listening');
  return { program, directory, peerId };
}

function putFolder(): string {
  const folder = bench.directory('Holiday');
  mkdirSync(join(folder, 'to sort', 'empty'), { recursive: true });
  for (let n = 0; n < 200; n++) putFile(join(folder, 'lake', `picture ${n}.jpg`), n * 500, n);
  putFile(join(folder, 'film.mp4'), 20 * MIB + 3, 500);
  makeExecutable(putFile(join(folder, 'run.sh'), 100, 501));
  setFolderTimes(folder);
  return folder;
}

/** Mostly holes, with bytes of its own here and there. */
function putLarge(): string {
  const file = putFile(bench.path('large.bin'), 0);
  truncateSync(file, LARGE_BYTES);
  const fd = openSync(file, 'r+');
  for (let at = 0; at < LARGE_BYTES; at += 32 * MIB)
    writeSync(fd, randomFillSync(new Uint8Array(MIB)), 0, MIB, at);
  closeSync(fd);
  setTime(file, 1_600_000_000);
  return file;
}

/** Of the cable's end, once the system has made sure that nobody else has it. */
async function linkLocalAddress(host: Host): Promise<string> {
  const show = ['-6', 'address', 'show', 'dev', host.interface, 'scope', 'link', '-tentative'];
  for (;;) {
    const [, address] = /inet6 (fe80::[0-9a-f:]+)/.exec(await host.run('ip', show)) ?? [];
    if (address !== undefined) return address;
  }
}

function storyOf({ lines }: Program): string[] {
  return lines.map(({ event }) => event).filter((event) => event !== 'progress');
}

function isMoving(line: Line): boolean {
  return Number(line['bytes']) > MIB;
}

describe.skipIf(process.platform !== 'linux')('two hosts on one network', () => {
  it('send a folder to a name, with no address given', async () => {
    await withTwoHosts(async ({ a, b }) => {
      const folder = putFolder();
      const ben = await receive(b, 'Ben', '--count', '1');
      const anna = run(a, ['send', folder, '--to', 'Ben']);
      expect(await anna.ended).toMatchObject({ code: 0, stderr: '' });
      expect(await ben.program.ended).toMatchObject({ code: 0, stderr: '' });
      expect(ben.program.all('offer')[0]).toMatchObject({ address: a.address });
      expect(anna.all('offer')[0]).toMatchObject({ peer: 'Ben', peerId: ben.peerId });
      expect(readTree(join(ben.directory, 'Holiday'))).toEqual(readTree(folder));
    });
  });

  it('list each other', async () => {
    await withTwoHosts(async ({ a, b }) => {
      const [anna, ben] = await Promise.all([receive(a, 'Anna'), receive(b, 'Ben')]);
      const [onA, onB] = [a, b].map((host) => run(host, ['peers', '--wait', '3'])) as [
        Program,
        Program,
      ];
      expect((await onA.ended).code).toBe(0);
      expect((await onB.ended).code).toBe(0);
      const seenFromA = onA.all('peer').find((line) => line['name'] === 'Ben');
      const seenFromB = onB.all('peer').find((line) => line['name'] === 'Anna');
      expect(seenFromA).toMatchObject({ peerId: ben.peerId, port: 47710 });
      expect(seenFromB).toMatchObject({ peerId: anna.peerId, port: 47710 });
      expect((seenFromA?.['addresses'] as string[])[0]).toBe(b.address);
      expect((seenFromB?.['addresses'] as string[])[0]).toBe(a.address);
    });
  });

  it('reach each other by addresses of every kind, on the usual port', async () => {
    await withTwoHosts(async ({ a, b }) => {
      await a.run('ip', ['address', 'add', 'fd77::1/64', 'dev', a.interface, 'nodad']);
      await b.run('ip', ['address', 'add', 'fd77::2/64', 'dev', b.interface, 'nodad']);
      await linkLocalAddress(a);
      const zoned = `${await linkLocalAddress(b)}%${a.interface}`;
      const ben = await receive(b, 'Ben', '--count', '4');
      const file = putFile(bench.path('file.bin'), 3 * MIB);
      for (const to of [b.address, 'fd77::2', zoned, `[${zoned}]:47710`]) {
        const anna = run(a, ['send', file, '--to', to, '--no-discovery']);
        expect([to, (await anna.ended).code]).toEqual([to, 0]);
      }
      expect((await ben.program.ended).code).toBe(0);
      for (const { hash } of readTree(ben.directory).values()) {
        expect(['', entryAt(file).hash]).toContain(hash);
      }
    });
  });

  it('take what comes from the internet only where they are told to', async () => {
    await withTwoHosts(async ({ a, b }) => {
      const away = '203.0.113.5';
      await a.run('ip', ['address', 'add', `${away}/32`, 'dev', 'lo']);
      await a.run('ip', ['route', 'add', '198.51.100.9', 'dev', a.interface, 'src', away]);
      await b.run('ip', ['address', 'add', '198.51.100.9/32', 'dev', 'lo']);
      await b.run('ip', ['route', 'add', away, 'dev', b.interface]);
      const file = putFile(bench.path('file.bin'), MIB);
      const send = () =>
        run(a, ['send', file, '--to', '198.51.100.9', '--no-discovery', '--retry', '0']);

      const shut = await receive(b, 'Ben', '--no-discovery');
      const refused = send();
      expect((await refused.ended).code).toBe(4);
      expect(refused.all('failed')[0]).toMatchObject({ code: 'NOT_DROPLINE' });
      shut.program.kill('SIGINT');
      expect((await shut.program.ended).code).toBe(6);
      expect(shut.program.all('offer')).toEqual([]);

      const open = await receive(b, 'Ben', '--no-discovery', '--from-anywhere', '--count', '1');
      expect((await send().ended).code).toBe(0);
      expect((await open.program.ended).code).toBe(0);
      expect(open.program.all('offer')[0]).toMatchObject({ address: away });
    });
  });

  it('go on by themselves when the cable was out for a while', async () => {
    await withTwoHosts(async ({ a, b }) => {
      const file = putLarge();
      const ben = await receive(b, 'Ben', '--count', '1');
      const anna = run(a, ['send', file, '--to', 'Ben']);
      await ben.program.line('progress', isMoving);
      await b.linkDown();
      await Promise.all([anna.line('interrupted'), ben.program.line('interrupted')]);
      await b.linkUp();
      expect((await anna.ended).code).toBe(0);
      expect((await ben.program.ended).code).toBe(0);
      for (const program of [anna, ben.program]) {
        expect(storyOf(program).slice(-3)).toEqual(['interrupted', 'resumed', 'delivered']);
        expect(program.all('offer')).toHaveLength(1);
        expect(Number(program.all('resumed')[0]?.['keptBytes'])).toBeGreaterThan(0);
      }
      const sentBytes = Number(anna.lines.at(-1)?.['sentBytes']);
      expect(sentBytes).toBeGreaterThanOrEqual(LARGE_BYTES);
      expect(sentBytes).toBeLessThanOrEqual(LARGE_BYTES + MOST_SENT_AGAIN_BYTES);
      expect(entryAt(join(ben.directory, 'large.bin'))).toEqual(entryAt(file));
      expect(leftovers(ben.directory)).toEqual([]);
    });
  });
});
