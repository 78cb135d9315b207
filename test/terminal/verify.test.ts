import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Bench } from '../support/command.ts';
import { HAS_SIGNALS, onBench } from '../support/command.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, a script that watches over what was received passes a file that has rotted, or a person
 * does not learn which one it is.
 */

/** A receiver that has got these, one transfer each, with everything in `desk`. */
async function received(bench: Bench, ...names: readonly string[]) {
  const receiver = await bench.receive('mara', ['--accept', 'all']);
  for (const name of names) {
    const sender = bench.send([bench.path('desk', name)], receiver.port);
    expect((await sender.ended).code).toBe(0);
  }
  return { ...receiver, home: ['--home', bench.path('mara-home')] };
}

it(
  'ends with 0 where all is as it arrived, and with 1 and the names where it is not',
  onBench(async (bench) => {
    putFile(bench.path('desk', 'letter.txt'), 700);
    for (const n of [1, 2, 3])
      putFile(bench.path('desk', 'trip', 'raw', `${n}.jpg`), 50_000 + n, n);
    const { directory, home } = await received(bench, 'letter.txt', 'trip');
    const path = join(directory, 'trip');
    const whole = await bench.run(['verify', ...home]).ended;
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toMatch(/^Checking trip\/ \(3 files\) from .*, 150 kB\n/);
    expect(whole.stdout).toContain(`${path}: all 3 files are as they arrived\n`);
    putFile(join(path, 'raw', '1.jpg'), 50_001, 9);
    rmSync(join(path, 'raw', '3.jpg'));
    const broken = await bench.run(['verify', 'TRIP', ...home]).ended;
    expect(broken.code).toBe(1);
    expect(broken.stderr.split('\n')).toEqual([
      `${path}: 1 changed, 1 missing`,
      '  trip/raw/1.jpg: Not as it arrived',
      '  trip/raw/3.jpg: No longer there',
      '',
    ]);
    expect(readdirSync(join(path, 'raw')).sort()).toEqual(['1.jpg', '2.jpg']);
  }),
);

it(
  'tells programs each thing it checks, also while the receiver runs and when it has ended',
  onBench(async (bench) => {
    for (const name of ['one.txt', 'two.txt', 'other.bin']) {
      putFile(bench.path('desk', name), 2_000_000);
    }
    const { directory, home, program } = await received(bench, 'one.txt', 'two.txt', 'other.bin');
    writeFileSync(join(directory, 'one.txt'), 'short');
    const run = bench.run(['verify', 'txt', '--json', ...home]);
    expect(await run.ended).toMatchObject({ code: 1, stderr: '' });
    expect(run.all('checked')).toMatchObject([
      { files: 1, intact: 1, problems: [], savedAs: join(directory, 'two.txt') },
      {
        files: 1,
        intact: 0,
        changed: 1,
        missing: 0,
        unchecked: 0,
        problems: [{ path: 'one.txt', code: 'FILE_CHANGED_SINCE' }],
        savedAs: join(directory, 'one.txt'),
      },
    ]);
    expect(run.all('checking')[0]).toMatchObject({ totalBytes: 2_000_000 });
    program.kill('SIGTERM');
    await program.ended;
    const latest = bench.run(['verify', '--json', ...home]);
    expect((await latest.ended).code).toBe(0);
    expect(latest.all('checked').map((line) => line['savedAs'])).toEqual([
      join(directory, 'other.bin'),
    ]);
  }),
);

it(
  'does not end with 0 where nothing could be compared',
  onBench(async (bench) => {
    putFile(bench.path('desk', 'letter.txt'), 700);
    const { home } = await received(bench, 'letter.txt');
    rmSync(bench.path('mara-home', 'receipts'), { recursive: true });
    const none = bench.run(['verify', '--json', ...home]);
    expect(await none.ended).toMatchObject({ code: 1 });
    expect(none.all('failed')).toMatchObject([{ code: 'NO_RECEIPT' }]);
    for (const args of [['verify', 'nothing', ...home], ['verify']]) {
      expect(await bench.run(args).ended).toEqual({
        code: 1,
        stdout: '',
        stderr: 'Nothing was found that was received.\n',
      });
    }
    expect((await bench.run(['verify', 'x'.repeat(201)]).ended).code).toBe(2);
  }),
);

it.runIf(HAS_SIGNALS)(
  'is stopped by a signal, and has remembered nothing then',
  onBench(async (bench) => {
    putFile(bench.path('desk', 'film.mp4'), 200_000_000);
    const { home } = await received(bench, 'film.mp4');
    const run = bench.run(['verify', '--json', ...home]);
    await run.line('checking');
    run.kill('SIGINT');
    expect(await run.ended).toMatchObject({ code: 6, stderr: '' });
    expect(run.all('checked')).toEqual([]);
  }),
);
