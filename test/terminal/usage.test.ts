import { describe, expect, it } from 'vitest';
import { ON_LOOPBACK, STOPPED_CODE, onBench } from '../support/command.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, a script cannot tell what went wrong: every failure is one line, the right exit code and,
 * with --json, one object on standard output and nothing else.
 */

const A_LINE = expect.stringMatching(/^[^\n]+$/) as string;

/** Where no folder can be made, whoever asks; on Windows one could. */
const NOWHERE = process.platform === 'win32' ? [] : ['/proc/nowhere'];

const WRONG_LINES: readonly (readonly [string, readonly string[]])[] = [
  ['no command', []],
  ['an unknown command', ['fetch']],
  ['an unknown option', ['receive', '--fast']],
  ['a port that is no number', ['receive', '--port', 'http']],
  ['a port that does not exist', ['receive', '--port', '65536']],
  ['a count of nothing', ['receive', '--count', '0']],
  ['somebody else to accept', ['receive', '--accept', 'friends']],
  ['something else to do with what exists', ['receive', '--existing', 'overwrite']],
  ['nothing to send', ['send', '--to', '127.0.0.1:1']],
  ['both files and a text', ['send', 'file.txt', '--text', 'hello', '--to', '127.0.0.1:1']],
  ['a text by the bare exchange', ['send', '--text', 'hello', '--to', '127.0.0.1:1', '--plain']],
  ['nobody to send to', ['send', 'file.txt']],
  ['an empty name to send to', ['send', 'file.txt', '--to', '']],
  ['a port of an address that does not exist', ['send', 'file.txt', '--to', '127.0.0.1:65536']],
  ['half a peer id', ['send', 'file.txt', '--to', '127.0.0.1:1', '--peer-id', 'abc']],
  [
    'an identity of somebody who has none',
    ['send', 'file.txt', '--to', '127.0.0.1:1', '--plain', '--peer-id', 'a'.repeat(64)],
  ],
  ['a folder by the bare exchange', ['send', '.', '--to', '127.0.0.1:1', '--plain']],
  ['a wait that is no number', ['peers', '--wait', 'long']],
];

describe.concurrent('wrong usage', () => {
  for (const [what, args] of WRONG_LINES) {
    it(
      `${what} is told in one line`,
      onBench(async (own) => {
        putFile(own.path('file.txt'), 10);
        const [forPeople, forPrograms] = [own.run(args), own.run([...args, '--json'])];
        const said = await forPeople.ended;
        expect(said).toMatchObject({ code: 2, stdout: '' });
        expect(said.stderr).toMatch(/^[^\n]+\n$/);
        expect((await forPrograms.ended).code).toBe(2);
        expect(forPrograms.lines).toEqual([
          { event: 'failed', code: 'WRONG_USAGE', message: said.stderr.trimEnd() },
        ]);
        expect(forPrograms.stderr).toBe('');
      }),
    );
  }
});

it(
  'explains itself when asked to',
  onBench(async (bench) => {
    const runs = [['--help'], ['send', '--help'], ['--version']].map((args) => bench.run(args));
    const [all, send, version] = await Promise.all(runs.map((run) => run.ended));
    expect(all).toMatchObject({ code: 0, stderr: '' });
    for (const command of ['receive', 'send', 'peers', 'console', 'demo']) {
      expect(all?.stdout).toContain(`  ${command} `);
    }
    expect(send?.stdout).toContain('--home <DIR>');
    expect(version?.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  }),
);

it(
  'says in one line what is wrong with what it was given',
  onBench(async (bench) => {
    const file = putFile(bench.path('file.txt'), 10);
    const busy = await bench.receive('busy');
    const failing: readonly (readonly [readonly string[], number, string])[] = [
      [['send', 'nowhere.txt', '--to', '127.0.0.1:1'], 2, 'PATH_NOT_FOUND'],
      [['send', file, '--to', '127.0.0.1:1'], 4, 'PEER_UNREACHABLE'],
      [['send', file, '--to', '[::1]:1'], 4, 'PEER_UNREACHABLE'],
      [['send', file, '--to', 'nobody', '--no-discovery'], 4, 'PEER_NOT_FOUND'],
      [['send', file, '--to', 'nowhere.invalid:47710'], 4, 'PEER_NOT_FOUND'],
      [['receive', '--port', String(busy.port), ...ON_LOOPBACK], 1, 'PORT_IN_USE'],
      [['receive', '--dir', file, '--home', bench.path('h2')], 7, 'DIRECTORY_UNUSABLE'],
      [['receive', '--home', file], 7, 'HOME_UNUSABLE'],
      [['receive', '--home', bench.path('h3'), '--interface', 'none0'], 1, 'ADDRESS_UNAVAILABLE'],
      [['send', file, '--to', '127.0.0.1:1', '--interface', 'none0'], 1, 'ADDRESS_UNAVAILABLE'],
      [['receive', '--home', bench.path('busy-home'), ...ON_LOOPBACK], 1, 'HOME_LOCKED'],
      ...NOWHERE.flatMap((path) => [
        [['receive', '--dir', path, '--home', bench.path('h1')], 7, 'DIRECTORY_UNUSABLE'] as const,
        [['receive', '--home', path], 7, 'HOME_UNUSABLE'] as const,
      ]),
    ];
    await Promise.all(
      failing.map(async ([args, exitCode, code]) => {
        const program = bench.run([...args, '--json']);
        expect([args, (await program.ended).code]).toEqual([args, exitCode]);
        expect(program.lines).toHaveLength(1);
        expect(program.lines[0]).toMatchObject({ event: 'failed', code, message: A_LINE });
        expect(program.stderr).toBe('');
      }),
    );
    busy.program.kill('SIGTERM');
    expect(await busy.program.ended).toMatchObject({ code: STOPPED_CODE });
  }),
);
