import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Program } from '../support/command.ts';
import { Bench, HAS_SIGNALS, STOPPED_CODE } from '../support/command.ts';
import { Proxy } from '../support/proxy.ts';
import { entryAt, putFile } from '../support/trees.ts';

/**
 * If these fail, Ctrl-C leaves half a file behind or a command that does not end, and a cable that is
 * pulled for a moment costs the whole transfer.
 */

const MIB = 1024 * 1024;
/** No test lets so much go across: a signal is never too late. */
const ENDLESS_BYTES = 16 * 1024 * MIB;
/** The window and one block: what may be on its way when the wire goes. */
const MOST_SENT_AGAIN_BYTES = 9 * MIB;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

function putEndless(): string {
  const file = putFile(bench.path('endless.bin'), 0);
  truncateSync(file, ENDLESS_BYTES);
  return file;
}

function someBytes(program: Program) {
  return program.line('progress', ({ bytes }) => Number(bytes) > MIB);
}

const HIDDEN = [expect.stringMatching(/^\.dropline-/)];

it.runIf(HAS_SIGNALS)(
  'a sender that gets SIGINT is cancelled: it tells the other side and leaves nothing',
  async () => {
    const ben = await bench.receive('ben', ['--accept', 'all']);
    const anna = bench.send([putEndless()], ben.port);
    await Promise.all([someBytes(anna), someBytes(ben.program)]);
    anna.kill('SIGINT');
    expect(await anna.ended).toMatchObject({ code: 6, stderr: '' });
    expect(anna.lines.at(-1)).toMatchObject({ event: 'failed', code: 'CANCELLED' });
    expect(await ben.program.line('failed')).toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(ben.directory)).toEqual([]);
  },
);

it.runIf(HAS_SIGNALS)(
  'a sender that gets SIGTERM is interrupted: the other side keeps what it has',
  async () => {
    const ben = await bench.receive('ben', ['--accept', 'all']);
    const anna = bench.send([putEndless()], ben.port);
    await Promise.all([someBytes(anna), someBytes(ben.program)]);
    anna.kill('SIGTERM');
    expect(await anna.ended).toMatchObject({ code: 6, stderr: '' });
    expect(anna.lines.at(-1)).toMatchObject({ event: 'failed', code: 'INTERRUPTED' });
    await ben.program.line('interrupted');
    expect(readdirSync(ben.directory)).toEqual(HIDDEN);
  },
);

it.runIf(HAS_SIGNALS).each(SIGNALS)(
  'a receiver that gets %s tells the other side and keeps what it has',
  async (signal) => {
    const ben = await bench.receive('ben', ['--accept', 'all']);
    const anna = bench.send([putEndless()], ben.port, ['--retry', '1']);
    await Promise.all([someBytes(anna), someBytes(ben.program)]);
    ben.program.kill(signal);
    expect(await ben.program.ended).toMatchObject({ code: 6, stderr: '' });
    expect(readdirSync(ben.directory)).toEqual(HIDDEN);
    expect(ben.program.lines.at(-1)).toMatchObject({ event: 'interrupted' });
    expect((await anna.ended).code).toBe(6);
    expect(anna.lines.at(-1)).toMatchObject({ event: 'failed', code: 'INTERRUPTED' });
  },
);

it('a sender that is killed leaves the receiver up, and the same command goes on', async () => {
  const large = putFile(bench.path('large.bin'), 60 * MIB + 5);
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '2']);
  const proxy = await Proxy.open(ben.port);
  try {
    proxy.setFates({ stallAfterBytes: 30 * MIB });
    const anna = bench.send([large], proxy.port);
    await ben.program.line('progress', ({ bytes }) => Number(bytes) > 20 * MIB);
    anna.kill('SIGKILL');
    await anna.ended;
    proxy.cut();
    await ben.program.line('interrupted');
    const small = bench.send([putFile(bench.path('small.txt'), 10)], ben.port);
    expect((await small.ended).code).toBe(0);
    const again = bench.send([large], ben.port);
    expect((await again.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
    for (const program of [again, ben.program]) {
      expect(program.all('resumed')[0]?.['keptBytes']).toBeGreaterThanOrEqual(20 * MIB);
    }
    const sentBytes = Number(again.lines.at(-1)?.['sentBytes']);
    expect(sentBytes - 30 * MIB - 5).toBeLessThanOrEqual(MOST_SENT_AGAIN_BYTES);
    expect(entryAt(join(ben.directory, 'large.bin'))).toEqual(entryAt(large));
    expect(readdirSync(ben.directory).sort()).toEqual(['large.bin', 'small.txt']);
  } finally {
    await proxy.stop();
  }
});

it('a receiver that is killed goes on when it is started again, while its sender waits', async () => {
  const large = putFile(bench.path('large.bin'), 60 * MIB + 5);
  const ben = await bench.receive('ben', ['--accept', 'all']);
  const proxy = await Proxy.open(ben.port);
  try {
    proxy.setFates({ stallAfterBytes: 30 * MIB });
    const anna = bench.send([large], proxy.port);
    await ben.program.line('progress', ({ bytes }) => Number(bytes) > 20 * MIB);
    ben.program.kill('SIGKILL');
    await ben.program.ended;
    proxy.cut();
    await anna.line('interrupted');
    const back = await bench.receive('ben', ['--accept', 'ask', '--count', '1']);
    proxy.retarget(back.port);
    expect((await anna.ended).code).toBe(0);
    expect((await back.program.ended).code).toBe(0);
    for (const program of [anna, back.program]) {
      expect(program.all('resumed')[0]?.['keptBytes']).toBeGreaterThanOrEqual(20 * MIB);
    }
    expect(back.program.all('offer')).toEqual([]);
    const sentBytes = Number(anna.lines.at(-1)?.['sentBytes']);
    expect(sentBytes - 60 * MIB - 5).toBeLessThanOrEqual(MOST_SENT_AGAIN_BYTES);
    expect(entryAt(join(ben.directory, 'large.bin'))).toEqual(entryAt(large));
    expect(readdirSync(ben.directory)).toEqual(['large.bin']);
  } finally {
    await proxy.stop();
  }
});

it('a command whose reader has gone ends', async () => {
  const more = ['--json', '--port', '0', '--dir', bench.path('inbox'), '--accept', 'all'];
  const ben = bench.run(['receive', ...more, '--no-discovery']);
  const { port } = await ben.line('listening');
  ben.process.stdout?.destroy();
  await bench.send([putFile(bench.path('file.txt'), 10)], Number(port), ['--retry', '0']).ended;
  expect(await ben.ended).toMatchObject({ code: 6, stderr: '' });
});

it('a wire that is cut is dialled again, and the file goes on where it was', async () => {
  const file = putFile(bench.path('large.bin'), 40 * MIB + 5);
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '1']);
  const proxy = await Proxy.open(ben.port);
  try {
    proxy.setFates({ cutAfterBytes: 20 * MIB });
    const anna = bench.send([file], proxy.port);
    expect((await anna.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
    expect(entryAt(join(ben.directory, 'large.bin'))).toEqual(entryAt(file));
    for (const program of [anna, ben.program]) {
      const story = program.lines.map(({ event }) => event).filter((e) => e !== 'progress');
      expect(story.slice(-3)).toEqual(['interrupted', 'resumed', 'delivered']);
      expect(program.all('offer')).toHaveLength(1);
      expect(program.all('resumed')[0]?.['keptBytes']).toBeGreaterThan(10 * MIB);
      expect(program.all('progress').at(-1)).toMatchObject({ bytes: 40 * MIB + 5 });
    }
    const again = Number(anna.lines.at(-1)?.['sentBytes']) - (40 * MIB + 5);
    expect(again).toBeGreaterThanOrEqual(0);
    expect(again).toBeLessThanOrEqual(MOST_SENT_AGAIN_BYTES);
  } finally {
    await proxy.stop();
  }
});

it('a wire that stays cut is given up in the end', async () => {
  const ben = await bench.receive('ben', ['--accept', 'all']);
  const proxy = await Proxy.open(ben.port);
  try {
    const anna = bench.send([putEndless()], proxy.port, ['--retry', '2']);
    await Promise.all([someBytes(anna), someBytes(ben.program)]);
    proxy.refuse(true);
    proxy.cut();
    expect((await anna.ended).code).toBe(6);
    expect(anna.all('interrupted')).toHaveLength(1);
    expect(anna.lines.at(-1)).toMatchObject({ event: 'failed', code: 'INTERRUPTED' });
    await ben.program.line('interrupted');
    ben.program.kill('SIGINT');
    expect((await ben.program.ended).code).toBe(STOPPED_CODE);
    expect(readdirSync(ben.directory)).toEqual(HIDDEN);
  } finally {
    await proxy.stop();
  }
});
