import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Bench, Line } from '../support/command.ts';
import { onBench } from '../support/command.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, somebody asks what arrived yesterday and is told of another device, of files that are
 * long gone, or nothing at all.
 */

/** A receiver at work that has got these files, one transfer each. */
async function received(bench: Bench, ...names: readonly string[]) {
  const receiver = await bench.receive('Łukasz', ['--accept', 'all']);
  for (const name of names) {
    const sender = bench.send([putFile(bench.path('desk', name), 1_200)], receiver.port);
    expect((await sender.ended).code).toBe(0);
  }
  return { home: bench.path('Łukasz-home'), directory: receiver.directory };
}

async function asked(bench: Bench, home: string, ...args: readonly string[]) {
  const program = bench.run(['history', ...args, '--json', '--home', home]);
  expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  const name = (line: Line) => (line['items'] as { readonly name: string }[])[0]?.name;
  return {
    total: program.all('found')[0]?.['total'],
    names: program.all('history').map(name),
    lines: program.all('history'),
  };
}

it(
  'tells programs what was received and sent, also while the receiver runs, and whether it is there',
  onBench(async (bench) => {
    const { home, directory } = await received(bench, 'Résumé.pdf', 'two words.txt');
    rmSync(join(directory, 'two words.txt'));
    const { lines, total } = await asked(bench, home);
    expect(total).toBe(2);
    expect(lines).toMatchObject([
      { outcome: 'delivered', savedAs: join(directory, 'two words.txt'), isThere: false },
      { outcome: 'delivered', savedAs: join(directory, 'Résumé.pdf'), isThere: true },
    ]);
    expect(lines[0]).toMatchObject({
      direction: 'receive',
      files: 1,
      totalBytes: 1_200,
      verified: true,
    });
    expect(Date.parse(String(lines[0]?.['finishedAt']))).toBeGreaterThan(
      Date.parse(String(lines[1]?.['finishedAt'])),
    );
    const sent = await asked(bench, bench.path('sender-home'));
    expect(sent.lines.map((line) => [line['direction'], 'savedAs' in line])).toEqual([
      ['send', false],
      ['send', false],
    ]);
  }),
);

it(
  'finds words in names, devices and places, in one direction or both, and as many as are wanted',
  onBench(async (bench) => {
    const { home } = await received(bench, 'Résumé.pdf', 'two words.txt');
    const names = async (...args: readonly string[]) => (await asked(bench, home, ...args)).names;
    expect(await names('resume')).toEqual(['Résumé.pdf']);
    expect(await names('words', 'TWO')).toEqual(['two words.txt']);
    expect(await names('lukasz-inbox', 'pdf')).toEqual(['Résumé.pdf']);
    expect(await names('--received')).toEqual(['two words.txt', 'Résumé.pdf']);
    expect(await names('--sent', '--received')).toEqual(['two words.txt', 'Résumé.pdf']);
    expect(await names('--sent')).toEqual([]);
    expect(await asked(bench, home, '--count', '1')).toMatchObject({
      total: 2,
      names: ['two words.txt'],
    });
  }),
);

it(
  'tells people in lines: when, with whom, what, how much and how it ended',
  onBench(async (bench) => {
    const { home, directory } = await received(bench, 'one.txt', 'two.txt', 'three.txt');
    rmSync(join(directory, 'three.txt'));
    const { code, stdout, stderr } = await bench.run(['history', '--count', '2', '--home', home])
      .ended;
    expect(code).toBe(0);
    const [first = '', place, second = '', otherPlace, ...rest] = stdout.split('\n');
    expect(rest).toEqual(['']);
    const fields = first.split('\t');
    expect(fields.slice(1)).toEqual([
      expect.stringMatching(/^from /),
      'three.txt',
      '1.2 kB',
      'Saved, whole and checked',
    ]);
    expect(fields[0]).toContain(String(new Date().getFullYear()));
    expect(second).toContain('\ttwo.txt\t');
    expect(place).toBe(`  ${join(directory, 'three.txt')} (no longer there)`);
    expect(otherPlace).toBe(`  ${join(directory, 'two.txt')}`);
    expect(stderr).toBe('2 of 3 shown. --count shows more.\n');
  }),
);

it(
  'says so where there is nothing, and what is wrong with the question',
  onBench(async (bench) => {
    expect(await bench.run(['history', 'nothing']).ended).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Nothing was found in the history.\n',
    });
    const wrong = [
      ['history', 'x'.repeat(201)],
      ['history', '--count', '0'],
    ] as const;
    for (const args of wrong) {
      const { code, stdout, stderr } = await bench.run(args).ended;
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^[^\n]+\n$/);
    }
  }),
);
