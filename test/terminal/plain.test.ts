import { mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Program } from '../support/command.ts';
import { Bench, HAS_SIGNALS, ON_LOOPBACK, STOPPED_CODE } from '../support/command.ts';
import { THIRTY_LINES } from '../support/peers.ts';
import { hashOf, putFile } from '../support/trees.ts';

/**
 * If these fail, a program written from the textbook's description cannot talk to Dropline, or something
 * that nobody has checked looks as if somebody had.
 */

const MIB = 1024 * 1024;
/** No test lets so much go across. */
const ENDLESS_BYTES = 16 * 1024 * MIB;
const UNVERIFIED = { hash: null, verified: false };

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

function receivePlain(...more: readonly string[]) {
  return bench.receive('ben', ['--plain', '--accept', 'all', ...more]);
}

function sendPlain(paths: readonly string[], port: number): Program {
  return bench.send(paths, port, ['--plain']);
}

function putEndless(): string {
  const file = putFile(bench.path('endless.bin'), 0);
  truncateSync(file, ENDLESS_BYTES);
  return file;
}

function contentHash(path: string): string {
  return hashOf(readFileSync(path));
}

describe.each(THIRTY_LINES)('with thirty lines of $language', (peer) => {
  it('takes files, several at once', async () => {
    const ben = await receivePlain('--count', '4');
    const files = [0, 1, 3 * MIB, 5 * MIB + 1].map((bytes, n) =>
      putFile(bench.path(`grüße ${n}.bin`), bytes, n),
    );
    const senders = files.map((file) => peer.send(bench, ben.port, file));
    for (const { ended } of senders) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(await ben.program.ended).toMatchObject({ code: 0, stderr: '' });
    expect(ben.program.lines[0]).toMatchObject({ event: 'listening', mode: 'plain' });
    for (const file of files) {
      expect(contentHash(join(ben.directory, basename(file)))).toBe(contentHash(file));
    }
    const delivered = ben.program.all('delivered');
    expect(delivered).toHaveLength(4);
    for (const line of delivered) expect(line).toMatchObject({ ...UNVERIFIED, files: 1 });
    for (const line of ben.program.all('offer')) {
      expect(line).toMatchObject({ mode: 'plain', peerId: null, peerVerified: false });
    }
  });

  it('sends files, several at once', async () => {
    const directory = bench.directory('theirs');
    const receiver = peer.receive(bench, directory);
    const [, port] = await receiver.text(/listening (\d+)/);
    const files = [0, 1, 3 * MIB, 5 * MIB + 1].map((bytes, n) =>
      putFile(bench.path(`grüße ${n}.bin`), bytes, n),
    );
    const anna = sendPlain(files, Number(port));
    expect(await anna.ended).toMatchObject({ code: 0, stderr: '' });
    const delivered = anna.all('delivered');
    expect(delivered).toHaveLength(4);
    for (const line of delivered) expect(line).toMatchObject({ ...UNVERIFIED, files: 1 });
    await receiver.until('all files', () => receiver.stdout.split('received').length > 4);
    for (const file of files) {
      expect(contentHash(join(directory, basename(file)))).toBe(contentHash(file));
    }
  });
});

it('gives a taken name a number, on either side of itself', async () => {
  const ben = await receivePlain('--count', '2');
  const file = putFile(bench.path('same.txt'), 1000);
  mkdirSync(ben.directory, { recursive: true });
  writeFileSync(join(ben.directory, 'same.txt'), 'older');
  for (let times = 0; times < 2; times++) {
    const anna = sendPlain([file], ben.port);
    expect((await anna.ended).code).toBe(0);
    expect(anna.all('offer')[0]).toMatchObject({ mode: 'plain', peerVerified: false });
    expect(anna.lines.at(-1)).toMatchObject({ event: 'delivered', sentBytes: 1000, ...UNVERIFIED });
  }
  expect((await ben.program.ended).code).toBe(0);
  expect(readFileSync(join(ben.directory, 'same.txt'), 'utf8')).toBe('older');
  const saved = ben.program.all('delivered').map((line) => basename(String(line['savedAs'])));
  expect(saved).toEqual(['same (2).txt', 'same (3).txt']);
});

// an end by force looks to the other side like the end of the file, but on Windows: there it resets the wire
it.runIf(HAS_SIGNALS)('saves what a killed sender has sent, and calls it unverified', async () => {
  const ben = await receivePlain('--count', '1');
  const anna = sendPlain([putEndless()], ben.port);
  await ben.program.line('progress', ({ bytes }) => Number(bytes) > MIB);
  anna.kill('SIGKILL');
  expect((await ben.program.ended).code).toBe(0);
  const [delivered] = ben.program.all('delivered');
  expect(delivered).toMatchObject({ event: 'delivered', files: 1, ...UNVERIFIED });
  expect(Number(delivered?.['bytes'])).toBeLessThan(ENDLESS_BYTES);
  for (const line of ben.program.all('progress').slice(0, -1)) {
    expect(line['totalBytes']).toBe(null);
  }
  expect(readdirSync(ben.directory)).toEqual(['endless.bin']);
});

it.runIf(HAS_SIGNALS).each(['SIGINT', 'SIGTERM'] as const)(
  'a sender that gets %s resets',
  async (signal) => {
    const ben = await receivePlain();
    const anna = sendPlain([putEndless()], ben.port);
    await ben.program.line('progress', ({ bytes }) => Number(bytes) > MIB);
    anna.kill(signal);
    expect((await anna.ended).code).toBe(6);
    await ben.program.line('failed');
    expect(readdirSync(ben.directory)).toEqual([]);
  },
);

it.runIf(HAS_SIGNALS)('a receiver that is ended resets, and leaves nothing', async () => {
  const ben = await receivePlain();
  const anna = sendPlain([putEndless()], ben.port);
  await ben.program.line('progress', ({ bytes }) => Number(bytes) > MIB);
  ben.program.kill('SIGINT');
  expect((await ben.program.ended).code).toBe(6);
  expect(readdirSync(ben.directory)).toEqual([]);
  expect((await anna.ended).code).toBe(6);
});

it('declines without consent, and a sender takes a closed wire for a no', async () => {
  const file = putFile(bench.path('file.txt'), 10);
  const ben = await bench.receive('ben', ['--plain']);
  const anna = sendPlain([file], ben.port);
  expect((await anna.ended).code).toBe(3);
  expect(anna.lines.at(-1)).toMatchObject({ event: 'failed', code: 'DECLINED' });
  expect(readdirSync(ben.directory)).toEqual([]);
});

it('does not speak to the other kind of port, and says so', async () => {
  const file = putFile(bench.path('file.txt'), 10);
  const [plain, tls] = await Promise.all([
    bench.receive('plain', ['--plain', '--accept', 'all']),
    bench.receive('tls', ['--accept', 'all']),
  ]);
  const encrypted = bench.send([file], plain.port);
  expect((await encrypted.ended).code).toBe(4);
  expect(encrypted.lines.at(-1)).toMatchObject({ event: 'failed', code: 'NOT_DROPLINE' });
  // a port that closes without an answer is all that the bare exchange can see of it (P19)
  const bare = sendPlain([file], tls.port);
  expect((await bare.ended).code).toBe(3);
  expect(bare.lines.at(-1)).toMatchObject({ event: 'failed', code: 'DECLINED' });
  for (const { program, directory } of [plain, tls]) {
    expect(readdirSync(directory)).toEqual([]);
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(STOPPED_CODE);
    expect(program.all('offer')).toEqual([]);
  }
});

describe('to a receiver that is not the textbook’s', () => {
  async function against(
    answer: (said: string) => readonly string[],
  ): Promise<{ code: number | null; content: string }> {
    let content = '';
    const server = createServer((wire) => {
      wire.once('data', (name: Buffer) => {
        wire.on('data', (bytes: Buffer) => (content += bytes.toString()));
        for (const part of answer(name.toString())) wire.write(part);
      });
      wire.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const file = bench.path('file.txt');
      writeFileSync(file, 'content');
      const { code } = await sendPlain([file], (server.address() as AddressInfo).port).ended;
      return { code, content };
    } finally {
      server.close();
    }
  }

  it('reads ok in pieces (P27)', async () => {
    expect(await against(() => ['o', 'k'])).toEqual({ code: 0, content: 'content' });
  });

  it('sends nothing where the answer is not ok', async () => {
    expect(await against(() => ['no'])).toEqual({ code: 4, content: '' });
    expect(await against(() => ['HTTP/1.1 400 Bad Request\r\n\r\n'])).toEqual({
      code: 4,
      content: '',
    });
  });
});

it('announces itself to nobody', async () => {
  const bare = ['--plain', '--accept', 'all', '--name', `bare ${process.pid}`];
  const ben = await bench.receive('ben', bare, { isSeen: true });
  const listing = bench.run(['peers', '--wait', '2', '--json', ...ON_LOOPBACK]);
  expect((await listing.ended).code).toBe(0);
  const ids = listing.all('peer').map((line) => line['peerId']);
  expect(ids).not.toContain(ben.peerId);
});
