import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountReporter } from '../../electron/engine/transfer/count-reporter.ts';
import { Door } from '../../electron/engine/transfer/door.ts';
import { JournalShelf } from '../../electron/engine/transfer/journal-shelf.ts';
import { listenPlain } from '../../electron/engine/transfer/plain-receive.ts';
import { namePlatform } from '../../electron/engine/transfer/name-platform.ts';
import type { Clock } from '../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../electron/engine/transfer/ports.ts';
import type { TransferEvent } from '../../electron/engine/transfer/worker-messages.ts';
import { KEEP_BOTH } from '../../shared/model/plan.ts';
import { PLAIN_NAME_BYTES, PLAIN_NAME_QUIET_MS } from '../../shared/protocol/limits.ts';
import { mappedName } from '../../shared/protocol/name-rules.ts';
import { Bench, STOPPED_CODE } from '../support/command.ts';

/**
 * Every opening of the corpus that a receiver can meet, over real sockets. If these fail, a stranger on
 * the port has something saved that was no file, or keeps what was one from being saved.
 */

const OK = { until: 'ok' } as const;
const FIN = { fin: true } as const;
const RESET = { reset: true } as const;
type Step = string | Uint8Array | { readonly wait: number } | typeof OK | typeof FIN | typeof RESET;

interface Heard {
  readonly answer: string;
  readonly isReset: boolean;
}

/** Plays a peer until the other side has closed too. */
async function play(port: number, steps: readonly Step[]): Promise<Heard> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  let answer = '';
  let isReset = false;
  const heard = new Set<() => void>();
  socket.on('data', (bytes: Buffer) => {
    answer += bytes.toString('latin1');
    for (const look of heard) look();
  });
  socket.on('error', () => (isReset = true));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const ended = once(socket, 'end').catch(() => undefined);
  await once(socket, 'connect');
  for (const step of steps) {
    if (socket.destroyed) break;
    if (typeof step === 'string' || step instanceof Uint8Array) await write(socket, step);
    else if ('wait' in step) await pause(step.wait);
    else if ('until' in step) {
      const hears = new Promise<void>((resolve) => {
        const look = () => {
          if (answer.startsWith('ok')) resolve();
        };
        heard.add(look);
        look();
      });
      await Promise.race([hears, ended, closed]);
    } else if ('fin' in step) socket.end();
    else socket.resetAndDestroy();
  }
  await Promise.race([closed, ended]);
  socket.destroy();
  await closed;
  return { answer, isReset };
}

function write(socket: Socket, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve());
  });
}

function slowly(text: string, everyMs: number): Step[] {
  return [...Buffer.from(text)].flatMap((byte) => [Uint8Array.of(byte), { wait: everyMs }]);
}

/** A whole exchange under that name. */
function named(name: string | Uint8Array, content = 'content'): Step[] {
  return [name, OK, content, FIN];
}

interface Row {
  readonly steps: readonly Step[];
  /** What is on the disk in the end; null: nothing. */
  readonly saved: readonly [name: string, content: string] | null;
}

function saves(name: string, content: string, steps: readonly Step[]): Row {
  return { steps, saved: [name, content] };
}

function savesNothing(...steps: readonly Step[]): Row {
  return { steps, saved: null };
}

const QUIET = { wait: PLAIN_NAME_QUIET_MS * 3 };
const TLS_CLIENT_HELLO = Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03);
const LATIN_1 = new Uint8Array(Buffer.from('P15 caf\u00e9.txt', 'latin1'));
const UTF_16 = new Uint8Array(Buffer.from('P16.txt', 'utf16le'));

/** What a system makes of a colon: Windows would take what follows for a stream of the file. */
const WITH_COLON = mappedName('C:_P14', namePlatform);

/**
 * Not here: P05 and P06, which take a minute each, are below against a faster clock; P19 and P27 are about
 * the other side (plain.test.ts); P25 needs a disk that fills up (disk.test.ts).
 */
const ROWS: Readonly<Record<string, Row>> = {
  P01: saves('P01.txt', 'content', named('P01.txt')),
  P02: saves('P02.txt', 'x', [...slowly('P02.txt', 50), OK, 'x', FIN]),
  P03: savesNothing('P03.txtcontent', FIN),
  P04: savesNothing('P04.txt', FIN),
  P07: savesNothing('P07.txt', RESET),
  P08: savesNothing('\n', QUIET, FIN),
  P09: savesNothing('x'.repeat(PLAIN_NAME_BYTES + 1), QUIET, FIN),
  P10: savesNothing(new Uint8Array(1024 * 1024).fill(0x61), QUIET, FIN),
  P11: saves('P11.txt', 'content', named('P11.txt\r\n')),
  P12: saves('P12.txt', 'content', named('P12.txt\0')),
  P13: savesNothing(...named('../../P13')),
  P14: saves(WITH_COLON, 'content', named('C:\\P14')),
  P15: savesNothing(...named(LATIN_1)),
  P16: savesNothing(...named(UTF_16)),
  P17: saves('P17 日本語😀.pdf', 'x', [...slowly('P17 日本語😀.pdf', 20), OK, 'x', FIN]),
  P18: savesNothing(TLS_CLIENT_HELLO, QUIET, FIN),
  P20: savesNothing('GET / HTTP/1.1\r\nHost: P20\r\n\r\n', QUIET, FIN),
  P21: savesNothing('SSH-2.0-P21\r\n', QUIET, FIN),
  P22: saves('P22.txt', '', ['P22.txt', OK, FIN]),
  P23: savesNothing('P23.txt', OK, 'half', { wait: 50 }, RESET),
  P24: saves('P24.txt', 'half', ['P24.txt', OK, 'half', FIN]),
  P26: saves('P26.txt', 'slow', ['P26.txt', OK, ...slowly('slow', 400), FIN]),
  P28: saves('P28.txt', '', ['P28.txt', QUIET, FIN]),
  P29: saves('ok', 'content', named('ok')),
  P30: saves('P30-first', 'P30-secondx', ['P30-first', OK, 'P30-second', { wait: 400 }, 'x', FIN]),
};
const ELSEWHERE = ['P05', 'P06', 'P19', 'P25', 'P27'];

const corpus = JSON.parse(
  readFileSync(new URL('../corpus/plain-first-bytes.json', import.meta.url), 'utf8'),
) as readonly { readonly id: string; readonly what: string }[];

it('every row of the corpus is tried here or elsewhere', () => {
  expect([...Object.keys(ROWS), ...ELSEWHERE].sort()).toEqual(corpus.map(({ id }) => id).sort());
});

describe('the plain port', () => {
  const bench = new Bench();
  let ben: Awaited<ReturnType<Bench['receive']>>;
  beforeAll(async () => {
    ben = await bench.receive('ben', ['--plain', '--accept', 'all']);
  });
  afterAll(() => bench.stop());

  it.concurrent.each(corpus.filter(({ id }) => id in ROWS))(
    'survives $id: $what',
    async ({ id }) => {
      const { steps, saved } = ROWS[id]!;
      const { answer } = await play(ben.port, steps);
      const wantsOk = steps.includes(OK) && (saved !== null || id === 'P23');
      if (saved === null) {
        expect(answer).toBe(wantsOk ? 'ok' : '');
        return;
      }
      const [name, content] = saved;
      expect(answer).toBe('ok');
      const path = join(ben.directory, name);
      const line = await ben.program.line('delivered', (l) => l['savedAs'] === path);
      expect(line).toMatchObject({ verified: false, hash: null, bytes: content.length });
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('has saved nothing else in the end, and is still there', async () => {
    expect(await play(ben.port, named('last.txt'))).toMatchObject({ answer: 'ok' });
    await ben.program.line('delivered', (l) => String(l['savedAs']).endsWith('last.txt'));
    const names = Object.values(ROWS).flatMap(({ saved }) => (saved ? [saved[0]] : []));
    expect(readdirSync(ben.directory).sort()).toEqual([...names, 'last.txt'].sort());
  });

  it('the other port takes none of it for anything', async () => {
    const tls = await bench.receive('tls', ['--accept', 'all']);
    for (const id of ['P01', 'P10', 'P20', 'P21', 'P07']) {
      expect((await play(tls.port, ROWS[id]!.steps)).answer).not.toContain('ok');
    }
    expect(readdirSync(tls.directory)).toEqual([]);
    tls.program.kill('SIGTERM');
    expect((await tls.program.ended).code).toBe(STOPPED_CODE);
    expect(tls.program.lines.map(({ event }) => event)).toEqual(['listening']);
  });
});

/** A minute takes it half a second. */
const fastClock: Clock = {
  nowMs: () => performance.now() * 120,
  after: (ms, run) => {
    const timer = setTimeout(run, ms / 120);
    return () => clearTimeout(timer);
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms / 120);
    return () => clearInterval(timer);
  },
};

describe('the plain port, a hundred times as fast', () => {
  it.each([
    ['P05: a name and then silence', ['P05.txt'], 'ok', 'PEER_TIMEOUT'],
    ['P06: a connection and then silence', [], '', null],
  ] as const)('gives up on %s', async (_what, steps, answer, code) => {
    const directory = mkdtempSync(join(tmpdir(), 'dropline-plain-'));
    const home = mkdtempSync(join(tmpdir(), 'dropline-plain-home-'));
    const acceptance = { directory, startedAtMs: 0, existing: KEEP_BOTH };
    const events: TransferEvent[] = [];
    const reporter = new CountReporter(fastClock, (event) => {
      events.push(event);
      if (event.kind === 'offered') receiver.accept(event.transferId, acceptance);
    });
    const receiver = await listenPlain(
      { mode: 'plain', host: '127.0.0.1', port: 0, otherPortIfTaken: false },
      {
        fs: realFileSystem,
        clock: fastClock,
        reporter,
        shelf: new JournalShelf(realFileSystem, home),
        door: new Door(),
      },
    );
    try {
      const { port } = await receiver.bound();
      expect((await play(port, steps)).answer).toBe(answer);
      const outcomes = events.flatMap((event) => (event.kind === 'ended' ? [event.outcome] : []));
      expect(outcomes).toEqual(
        code === null ? [] : [{ kind: 'failed', failure: { code, details: {} } }],
      );
      expect(readdirSync(directory)).toEqual([]);
    } finally {
      await receiver.stop();
      rmSync(directory, { recursive: true });
      rmSync(home, { recursive: true });
    }
  });
});
