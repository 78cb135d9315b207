import { existsSync, readdirSync, statfsSync, truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Program } from '../support/command.ts';
import { Bench, UNSEEN } from '../support/command.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, the person at the terminal is asked about one offer and answers another, or something
 * arrives that nobody said yes to.
 */

const QUESTION = 'Accept? [y/N] ';
const MIB = 1024 * 1024;

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

async function receiveOnTerminal(...more: readonly string[]) {
  const directory = bench.path('inbox');
  const where = ['--dir', directory, '--port', '0', '--home', bench.path('ben'), ...UNSEEN];
  const program = bench.runOnTerminal(['receive', ...where, ...more]);
  const [, port] = await program.text(/ready on port (\d+)/);
  return { program, directory, port: Number(port) };
}

/** A sender of its own for each name. */
function sendFile(name: string, port: number, bytes = 10): Program {
  const file = putFile(bench.path(name), 0);
  truncateSync(file, bytes);
  return bench.send([file], port, ['--home', bench.path(`${name}-home`), '--retry', '0']);
}

/** Waits until it has been asked so often. */
async function asked(program: Program, times: number): Promise<void> {
  await program.until(`question ${times}`, () => program.shown.split(QUESTION).length > times);
}

it('takes without a question what it was told to, and declines what has nothing of it', async () => {
  for (const name of ['a.jpg', 'b.txt', 'old/c.jpg']) putFile(bench.path('album', name), 10);
  const ben = await bench.receive('ben', ['--only', '*.jpg', '--count', '1']);
  const other = bench.send([putFile(bench.path('plan.txt'), 10)], ben.port, ['--retry', '0']);
  expect((await other.ended).code).toBe(3);
  expect(await ben.program.line('notice')).toMatchObject({ code: 'PATH_NOT_FOUND' });
  const anna = bench.send([bench.path('album')], ben.port, ['--retry', '0']);
  expect((await anna.ended).code).toBe(0);
  expect((await ben.program.ended).code).toBe(0);
  expect(readdirSync(ben.directory)).toEqual(['album']);
  expect(readdirSync(join(ben.directory, 'album'))).toEqual(['a.jpg']);
});

describe.skipIf(process.platform === 'win32')('on a terminal', () => {
  it('asks, and saves what was accepted', async () => {
    const ben = await receiveOnTerminal('--count', '1');
    const anna = sendFile('plan.txt', ben.port, 1500);
    await asked(ben.program, 1);
    expect(ben.program.shown).toMatch(
      / \(not verified, id [0-9a-f]{12}…\) wants to send plan\.txt, 1\.5 kB\.\r\nAccept\? \[y\/N\] $/,
    );
    expect(readdirSync(ben.directory)).toEqual([]);
    ben.program.type('y\r');
    expect((await anna.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
    expect(readdirSync(ben.directory)).toEqual(['plan.txt']);
  });

  it('a sender hears which file did not make it and how to send it again, and fails', async () => {
    const ben = await receiveOnTerminal();
    for (const name of ['kept.txt', 'lost.txt']) putFile(bench.path('notes', name), 10);
    const to = ['--to', `127.0.0.1:${ben.port}`, '--home', bench.path('anna'), ...UNSEEN];
    const anna = bench.run(['send', bench.path('notes'), ...to, '--retry', '0']);
    await asked(ben.program, 1);
    unlinkSync(bench.path('notes', 'lost.txt'));
    ben.program.type('y\r');
    const { code, stderr } = await anna.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('1 file did not make it:\n  notes/lost.txt: ');
    expect(stderr).toContain('Dropline’s window can send just these again, from the history.');
  });

  it('says what accepting would do to what is there, as it was told to treat it', async () => {
    putFile(bench.path('inbox', 'album', 'same.jpg'), 10);
    putFile(bench.path('inbox', 'album', 'other.jpg'), 9);
    for (const name of ['same.jpg', 'other.jpg', 'new.jpg']) putFile(bench.path('album', name), 10);
    const ben = await receiveOnTerminal('--existing', 'replace');
    const anna = bench.send([bench.path('album')], ben.port, ['--retry', '0']);
    await asked(ben.program, 1);
    const [, said] = await ben.program.text(/In \S+inbox: ([^\r]*)\r\n/);
    expect(said).toBe(
      '1 new, 1 already here (same size and date), 1 already here, but different. ' +
        'What is replaced is kept, so that it can be undone.',
    );
    ben.program.type('n\r');
    expect((await anna.ended).code).toBe(3);
  });

  it('takes some of it, by numbers and names', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'notes.txt', 'more/c.jpg']) {
      putFile(bench.path('album', name), 10);
    }
    const ben = await receiveOnTerminal('--count', '1');
    const anna = bench.send([bench.path('album')], ben.port, ['--retry', '0']);
    await asked(ben.program, 1);
    await ben.program.text(/Type c to choose from it\.\r\n/);
    ben.program.type('c\r');
    await ben.program.text(/\r\nWhich\? \(.*\) $/);
    const listed = [...ben.program.shown.matchAll(/^ +(\d)  (\S+)/gm)].map(([, n, what]) => [
      n,
      what,
    ]);
    expect(listed.map(([, what]) => what).sort()).toEqual(['a.jpg', 'b.jpg', 'more/', 'notes.txt']);
    ben.program.type('*.png\r');
    await ben.program.text(/That is not in the list\..*\r\nWhich\? \(.*\) $/);
    const [place] = listed.find(([, what]) => what === 'notes.txt') ?? [];
    ben.program.type(`${place}, b*\r`);
    await ben.program.text(/Accepting 2 of 4 files, 20 bytes\.\r\n/);
    expect((await anna.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
    expect(readdirSync(bench.path('inbox', 'album')).sort()).toEqual(['b.jpg', 'notes.txt']);
    expect(ben.program.shown).toContain('2 of 4 files were chosen. The rest was not wanted.');
    const said = await anna.line('delivered');
    expect(said).toMatchObject({ files: 2, unwanted: 2, failed: 0 });
  });

  it('takes nothing where nothing is named', async () => {
    for (const name of ['a.jpg', 'b.jpg']) putFile(bench.path('album', name), 10);
    const ben = await receiveOnTerminal('--count', '1');
    const anna = bench.send([bench.path('album')], ben.port, ['--retry', '0']);
    await asked(ben.program, 1);
    ben.program.type('c\r');
    await ben.program.text(/\r\nWhich\? \(.*\) $/);
    ben.program.type('\r');
    expect((await anna.ended).code).toBe(3);
    expect(readdirSync(ben.directory)).toEqual([]);
  });

  it('says what was replaced, and what was there already', async () => {
    putFile(bench.path('inbox', 'album', 'same.jpg'), 10);
    putFile(bench.path('inbox', 'album', 'other.jpg'), 9);
    for (const name of ['same.jpg', 'other.jpg', 'new.jpg']) putFile(bench.path('album', name), 10);
    const ben = await receiveOnTerminal('--existing', 'replace');
    const anna = bench.send([bench.path('album')], ben.port, ['--retry', '0']);
    await asked(ben.program, 1);
    ben.program.type('y\r');
    expect((await anna.ended).code).toBe(0);
    await ben.program.text(
      /Saved \S+album: 3 files, .*checked \(1 replaced an old one, which is kept, 1 was there already\)/,
    );
    expect(readdirSync(bench.path('inbox', 'album')).sort()).toEqual(
      ['new.jpg', 'other.jpg', 'same.jpg'].sort(),
    );
  });

  it('says when there is too little room, before anybody says yes', async () => {
    const ben = await receiveOnTerminal();
    const { bavail, bsize } = statfsSync(bench.folder);
    const anna = sendFile('huge.bin', ben.port, bavail * bsize + 1000 * MIB);
    await asked(ben.program, 1);
    await ben.program.text(/Not enough room in \S+inbox: [\d.]+ .B too little/);
    ben.program.type('y\r');
    expect((await anna.ended).code).toBe(7);
  });

  it('takes everything but a yes for a no, which counts for nothing', async () => {
    // each no is one program's: after it that device would not be asked about for a while
    for (const [n, keys] of ['n\r', '\r', 'yesterday\r', '\u0004'].entries()) {
      const ben = await receiveOnTerminal('--count', '1');
      const anna = sendFile(`${n}.txt`, ben.port);
      await asked(ben.program, 1);
      ben.program.type(keys);
      expect([keys, (await anna.ended).code]).toEqual([keys, 3]);
      ben.program.kill('SIGTERM');
      await ben.program.ended;
    }
    const ben = await receiveOnTerminal('--count', '1');
    const anna = sendFile('last.txt', ben.port);
    await asked(ben.program, 1);
    ben.program.type('YES\r');
    expect((await anna.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
    expect(readdirSync(ben.directory)).toEqual(['last.txt']);
  });

  it('asks about one offer at a time', async () => {
    const ben = await receiveOnTerminal('--count', '2');
    const first = sendFile('first.txt', ben.port);
    await asked(ben.program, 1);
    const second = sendFile('second.txt', ben.port);
    await second.line('offer');
    // a no would turn the second away unasked, where that is not here yet
    ben.program.type('y\r');
    await asked(ben.program, 2);
    const [before = '', between = ''] = ben.program.shown.split(QUESTION);
    expect(before).toContain('first.txt');
    expect(before).not.toContain('second.txt');
    expect(between).toContain('second.txt');
    ben.program.type('y\r');
    expect((await first.ended).code).toBe(0);
    expect((await second.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
  });

  it('takes a question back when its offer goes away', async () => {
    const ben = await receiveOnTerminal('--count', '1');
    const first = sendFile('first.txt', ben.port);
    await asked(ben.program, 1);
    first.kill('SIGINT');
    await ben.program.text(/ cancelled: first\.txt\r\n/);
    // what is typed now answers nothing
    ben.program.type('y\r');
    const second = sendFile('second.txt', ben.port);
    await ben.program.text(/second\.txt.*\r\nAccept\? \[y\/N\] $/);
    ben.program.type('y\r');
    expect((await second.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
    expect(readdirSync(ben.directory)).toEqual(['second.txt']);
  });

  it('does not take for an answer what was typed before the question', async () => {
    const ben = await receiveOnTerminal();
    ben.program.type('y\ry');
    const anna = sendFile('plan.txt', ben.port);
    await asked(ben.program, 1);
    ben.program.type('\r');
    expect((await anna.ended).code).toBe(3);
    expect(readdirSync(ben.directory)).toEqual([]);
  });

  it('draws no bar over a question', async () => {
    const ben = await receiveOnTerminal();
    const large = sendFile('large.bin', ben.port, 16 * 1024 * MIB);
    await asked(ben.program, 1);
    ben.program.type('y\r');
    await ben.program.text(/░ \d+%  [\d.]+ .B of 17\.2 GB, .*large\.bin/);
    const small = sendFile('small.txt', ben.port);
    await asked(ben.program, 2);
    const progressed = large.all('progress').length + 5;
    await large.until('more progress', () => large.all('progress').length >= progressed);
    expect(ben.program.shown.split(QUESTION)[2]).toBe('');
    ben.program.type('y\r');
    expect((await small.ended).code).toBe(0);
    await ben.program.text(/Saved \S+small\.txt[^\n]*\n[^]*░ /);
    large.kill('SIGINT');
    await ben.program.text(/ cancelled: large\.bin\r\n/);
    ben.program.type('\u0003');
    expect((await ben.program.ended).code).toBe(6);
    expect(readdirSync(ben.directory)).toEqual(['small.txt']);
  });

  it('ends with Ctrl-C at a question, and tells the sender', async () => {
    const ben = await receiveOnTerminal();
    const anna = sendFile('plan.txt', ben.port);
    await asked(ben.program, 1);
    ben.program.type('\u0003');
    expect((await ben.program.ended).code).toBe(6);
    expect((await anna.ended).code).toBe(6);
    expect(readdirSync(ben.directory)).toEqual([]);
  });

  it('keeps what is not whole under a hidden name when its terminal is closed', async () => {
    const ben = await receiveOnTerminal('--accept', 'all');
    const anna = sendFile('large.bin', ben.port, 16 * 1024 * MIB);
    await anna.line('progress', ({ bytes }) => Number(bytes) > MIB);
    ben.program.kill('SIGKILL');
    expect((await anna.ended).code).toBe(6);
    const lock = bench.path('ben', 'engine.sock');
    await vi.waitUntil(() => !existsSync(lock), { timeout: 20_000 });
    expect(readdirSync(ben.directory)).toEqual([expect.stringMatching(/^\.dropline-/)]);
  });
});
