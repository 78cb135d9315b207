import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Line } from '../support/command.ts';
import { Bench, STOPPED_CODE, UNSEEN } from '../support/command.ts';
import { leftovers, makeExecutable, putFile, readTree, setFolderTimes } from '../support/trees.ts';

/**
 * If these fail, a script that waits for what issue and README promise on standard output waits for ever,
 * or believes in a delivery that was none.
 */

const MIB = 1024 * 1024;

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

function putFolder(): string {
  const folder = bench.directory('Holiday');
  mkdirSync(join(folder, 'empty', 'inside'), { recursive: true });
  putFile(join(folder, 'lake', 'Größe ☀.jpg'), 3 * MIB + 7, 2);
  putFile(join(folder, 'nothing'), 0, 3);
  makeExecutable(putFile(join(folder, 'run.sh'), 100, 4));
  setFolderTimes(folder);
  return folder;
}

function checkProgress(lines: readonly Line[], transferId: unknown, totalBytes: number): void {
  const bytes = lines.map((line) => Number(line['bytes']));
  expect(bytes.length).toBeGreaterThan(0);
  expect(bytes.at(-1)).toBe(totalBytes);
  expect(bytes).toEqual([...new Set(bytes)].sort((a, b) => a - b));
  for (const line of lines) {
    const { limitedBy } = line;
    expect(line).toEqual({
      event: 'progress',
      transferId,
      bytes: line['bytes'],
      totalBytes,
      limitedBy,
    });
    expect([null, 'ourDisk', 'theirDisk', 'ourComputer', 'theirComputer', 'network']).toContain(
      limitedBy,
    );
  }
}

it('tells a program what accepting would have done before it declines', async () => {
  const folder = putFolder();
  const ben = await bench.receive('ben');
  mkdirSync(join(ben.directory, 'Holiday'));
  const anna = bench.send([folder], ben.port);
  expect((await anna.ended).code).toBe(3);
  await ben.program.line('declined');
  const events = ben.program.lines.map(({ event }) => event);
  expect(events).toEqual(['listening', 'offer', 'plan', 'declined']);
  const [plan] = ben.program.all('plan');
  expect(plan).toMatchObject({
    transferId: ben.program.all('offer')[0]?.['transferId'],
    directory: ben.directory,
    files: 3,
    bytes: 3 * MIB + 7 + 100,
    fits: true,
    existing: {
      count: 1,
      sameSizeAndTime: 0,
      differs: 0,
      items: [{ name: 'Holiday', kind: 'folder' }],
    },
    renamed: { count: 0 },
    tooBig: { count: 0 },
  });
});

it('tells both sides the same story, each in one object a line', async () => {
  const folder = putFolder();
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '1']);
  const anna = bench.send([folder], ben.port);
  expect(await anna.ended).toMatchObject({ code: 0, stderr: '' });
  expect(await ben.program.ended).toMatchObject({ code: 0, stderr: '' });
  expect(readTree(join(ben.directory, 'Holiday'))).toEqual(readTree(folder));

  const [listening] = ben.program.lines;
  expect(listening).toMatchObject({ event: 'listening', host: '127.0.0.1', mode: 'tls' });
  const [offer] = ben.program.all('offer');
  const transferId = offer?.['transferId'];
  const bytes = 3 * MIB + 7 + 100;
  expect(transferId).toMatch(/^[0-9a-f]{32}$/);
  expect(offer).toMatchObject({
    peerVerified: false,
    mode: 'tls',
    items: [{ name: 'Holiday', kind: 'folder' }],
    files: 3,
    directories: 4,
    totalBytes: bytes,
  });
  expect(offer?.['peer']).toEqual(expect.any(String));
  expect(offer?.['peerId']).toMatch(/^[0-9a-f]{64}$/);
  const [offered] = anna.all('offer');
  expect(offered).toMatchObject({ transferId, peer: 'ben', peerId: ben.peerId, files: 3 });
  for (const program of [anna, ben.program]) {
    checkProgress(program.all('progress'), transferId, bytes);
    const delivered = program.lines.at(-1);
    const counts = { files: 3, bytes, sentBytes: bytes, verified: true, failed: 0 };
    expect(delivered).toMatchObject({ event: 'delivered', transferId, ...counts });
    expect(delivered?.['hash']).toMatch(/^(blake3|sha256):[0-9a-f]{64}$/);
  }
  const hashes = [anna, ben.program].map((program) => program.lines.at(-1)?.['hash']);
  expect(hashes[0]).toBe(hashes[1]);
});

it('reports progress at most ten times a second', async () => {
  const file = putFile(bench.path('large.bin'), 0);
  truncateSync(file, 256 * MIB);
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '1']);
  const startedAtMs = performance.now();
  const anna = bench.send([file], ben.port);
  await Promise.all([anna.ended, ben.program.ended]);
  const most = (performance.now() - startedAtMs) / 100 + 2;
  for (const program of [anna, ben.program]) {
    const lines = program.all('progress');
    checkProgress(lines, program.lines.at(-1)?.['transferId'], 256 * MIB);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThanOrEqual(most);
  }
});

it('takes several senders at once, gives taken names a number, and ends after the count', async () => {
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '4']);
  const senders = [1, 2, 3, 4].map((n) => {
    const file = putFile(bench.path(String(n), 'same.bin'), 2 * MIB + n, n);
    return bench.send([file], ben.port, ['--home', bench.path(`home-${n}`)]);
  });
  for (const { ended } of senders) expect(await ended).toMatchObject({ code: 0 });
  expect(await ben.program.ended).toMatchObject({ code: 0 });
  expect([...readTree(ben.directory)].map(([name]) => name)).toEqual([
    '.',
    'same (2).bin',
    'same (3).bin',
    'same (4).bin',
    'same.bin',
  ]);
  const sizes = [...readTree(ben.directory).values()].map(({ bytes }) => bytes).sort();
  expect(sizes).toEqual([0, 2 * MIB + 1, 2 * MIB + 2, 2 * MIB + 3, 2 * MIB + 4]);
  const saved = ben.program.all('delivered').map((line) => line['savedAs']);
  expect(new Set(saved).size).toBe(4);
});

it('declines where there is nobody to ask, and stays', async () => {
  const file = putFile(bench.path('file.txt'), 10);
  const ben = await bench.receive('ben', ['--count', '1']);
  for (let times = 0; times < 2; times++) {
    const anna = bench.send([file], ben.port);
    expect((await anna.ended).code).toBe(3);
    expect(anna.lines.at(-1)).toMatchObject({ event: 'failed', code: 'DECLINED' });
  }
  expect(readTree(ben.directory).size).toBe(1);
  ben.program.kill('SIGTERM');
  expect((await ben.program.ended).code).toBe(STOPPED_CODE);
  expect(ben.program.all('declined')).toHaveLength(2);
});

it('declines strangers where only paired devices are welcome', async () => {
  const file = putFile(bench.path('file.txt'), 10);
  const ben = await bench.receive('ben', ['--accept', 'paired']);
  expect((await bench.send([file], ben.port).ended).code).toBe(3);
});

it('sends to the demanded identity and to no other', async () => {
  const file = putFile(bench.path('file.txt'), 10);
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '1']);
  const wrong = bench.send([file], ben.port, ['--peer-id', 'a'.repeat(64)]);
  expect((await wrong.ended).code).toBe(5);
  expect(wrong.lines).toMatchObject([{ event: 'failed', code: 'IDENTITY_MISMATCH' }]);
  const right = bench.send([file], ben.port, ['--peer-id', ben.peerId.toUpperCase()]);
  expect((await right.ended).code).toBe(0);
  expect((await ben.program.ended).code).toBe(0);
  // the one that was turned away by its sender was never offered
  expect(ben.program.all('offer')).toHaveLength(1);
});

it('refuses to send to itself', async () => {
  const file = putFile(bench.path('file.txt'), 10);
  const ben = await bench.receive('ben', ['--accept', 'all']);
  const self = bench.send([file], ben.port, ['--home', bench.path('ben-home')]);
  expect((await self.ended).code).toBe(1);
  expect(self.lines.at(-1)).toMatchObject({ event: 'failed', code: 'PEER_IS_SELF' });
});

it('sends while another command receives on the same home', async () => {
  const file = putFile(bench.path('file.txt'), 10);
  const [ben, anna] = await Promise.all([
    bench.receive('ben', ['--accept', 'all', '--count', '1']),
    bench.receive('anna', ['--accept', 'all', '--count', '1']),
  ]);
  const there = bench.send([file], ben.port, ['--home', bench.path('anna-home')]);
  const back = bench.send([file], anna.port, ['--home', bench.path('ben-home')]);
  for (const program of [there, back, ben.program, anna.program]) {
    expect((await program.ended).code).toBe(0);
  }
  expect(ben.program.all('offer')[0]).toMatchObject({ peerId: anna.peerId });
});

it('finds its home before the command, after it and in the environment', async () => {
  const home = bench.path('kept');
  const more = ['--port', '0', '--dir', bench.path('inbox'), '--json', ...UNSEEN];
  const ids: unknown[] = [];
  for (const run of [
    () => bench.run(['--home', home, 'receive', ...more]),
    () => bench.run(['receive', ...more, '--home', home]),
    () => bench.run(['receive', ...more], { env: { DROPLINE_HOME: home } }),
  ]) {
    const program = run();
    ids.push((await program.line('listening'))['peerId']);
    program.kill('SIGINT');
    expect((await program.ended).code).toBe(STOPPED_CODE);
  }
  expect(new Set(ids).size).toBe(1);
  expect(existsSync(bench.path('home'))).toBe(false);
  expect(existsSync(join(home, 'identity.pem'))).toBe(true);
});

it('says in words what a person wants to know', async () => {
  const file = putFile(bench.path('notes.txt'), 1234);
  const inbox = bench.path('inbox');
  const more = ['--dir', inbox, '--port', '0', '--name', 'Ben', '--home', bench.path('ben-home')];
  const ben = bench.run(['receive', ...more, ...UNSEEN, '--accept', 'all', '--count', '1']);
  const [, port = ''] = await ben.text(/ready on port (\d+)/);
  const anna = bench.run(['send', file, '--to', `127.0.0.1:${port}`, '--no-discovery']);
  expect(await anna.ended).toMatchObject({ code: 0, stderr: '' });
  expect(anna.stdout).toContain('Delivered to Ben: 1 file, 1.2 kB, whole and checked\n');
  expect(await ben.ended).toMatchObject({ code: 0, stderr: '' });
  expect(ben.stdout).toMatch(
    / \(not verified, id [0-9a-f]{12}…\) wants to send notes\.txt, 1\.2 kB\.\n/,
  );
  expect(ben.stdout).toContain(
    `Saved ${join(inbox, 'notes.txt')}: 1 file, 1.2 kB, whole and checked\n`,
  );
});

// on Windows no file and no folder can have such a name
it.skipIf(process.platform === 'win32')(
  'lets no name reach the terminal with what a terminal obeys',
  async () => {
    const bad = 'a\u001B[2Jb\u009B31mc\u202Etxt\nLINE\u007F';
    const file = putFile(bench.path(bad), 10);
    const more = [
      '--dir',
      bench.path('inbox', bad),
      '--port',
      '0',
      '--name',
      bad,
      '--accept',
      'all',
    ];
    const at = ['--home', bench.path('ben-home'), ...UNSEEN, '--count', '2'];
    const ben = bench.run(['receive', ...more, ...at]);
    const [, port = ''] = await ben.text(/ready on port (\d+)/);
    const anna = bench.send([file], Number(port), ['--home', bench.path('homes', bad)]);
    const arguing = ['send', file, '--to', `127.0.0.1:${port}`, '--no-discovery'];
    const eve = bench.run([...arguing, '--home', bench.path('other homes', bad)]);
    const missing = bench.run(['send', bench.path(`${bad}!`), '--to', bad, '--no-discovery']);
    const unknown = bench.run(['send', file, '--to', bad, '--no-discovery']);
    const ends = await Promise.all([anna, eve, missing, unknown].map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 2, 4]);
    const benEnd = await ben.ended;
    expect(benEnd.code).toBe(0);
    for (const { stdout, stderr } of [...ends, benEnd]) {
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(1);
    }
    expect(anna.all('offer')[0]?.['items']).toEqual([{ name: bad, kind: 'file' }]);
    expect(leftovers(bench.path('inbox'))).toEqual([]);
  },
);

it('leaves out what cannot be sent, and says so', async () => {
  const folder = putFolder();
  symlinkSync('/etc/hostname', join(folder, 'link'));
  const ben = await bench.receive('ben', ['--accept', 'all', '--count', '1']);
  const anna = bench.send([folder], ben.port);
  expect((await anna.ended).code).toBe(0);
  expect(anna.all('leftOut')).toMatchObject([
    { count: 1, examples: [{ path: 'Holiday/link', code: 'SOURCE_IS_LINK' }] },
  ]);
  expect((await ben.program.ended).code).toBe(0);
  expect(ben.program.all('offer')[0]?.['leftOut']).toBe(1);
  expect(existsSync(join(ben.directory, 'Holiday', 'link'))).toBe(false);
  expect(readFileSync(join(ben.directory, 'Holiday', 'run.sh')).length).toBe(100);
});
