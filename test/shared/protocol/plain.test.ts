import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../shared/errors.ts';
import {
  ANSWER_TIMEOUT_MS,
  PLAIN_IDLE_MS,
  PLAIN_NAME_BYTES,
  PLAIN_NAME_QUIET_MS,
} from '../../../shared/protocol/limits.ts';
import type { PlainSenderInput } from '../../../shared/protocol/plain.ts';
import { anyName } from '../../support/hostile-names.ts';
import type { Received, Timed } from '../../support/plain-wire.ts';
import { receivePlain, sendPlain } from '../../support/plain-wire.ts';

const QUIET = PLAIN_NAME_QUIET_MS;
const bytes = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const each = (text: string, gapMs: number): Timed[] =>
  [...bytes(text)].map((byte, n) => [n * gapMs, Uint8Array.of(byte)]);

const arrived = (got: Received) => ({
  saved: got.saved,
  content: Buffer.from(got.content).toString(),
  published: got.publishedBytes,
  outcome: got.outcome?.kind,
});
const whole = (saved: string, content: string) => ({
  saved,
  content,
  published: Buffer.byteLength(content),
  outcome: 'done',
});

/** Nothing asked, nothing answered, nothing kept. */
function expectRefused(got: Received, code: ErrorCode): void {
  expect(got.outcome).toMatchObject({ kind: 'failed', failure: { code } });
  expect(got.okAtMs).toBe(null);
  expect(got.publishedBytes).toBe(null);
  expect(got.content.length).toBe(0);
  expect(got.wire).toBe('close');
}

/** It said ok, and then nothing came of it: the sender is told by a reset. */
function expectCutShort(got: Received, code: ErrorCode): void {
  expect(got.outcome).toMatchObject({ kind: 'failed', failure: { code } });
  expect(got.okAtMs).not.toBe(null);
  expect(got.publishedBytes).toBe(null);
  expect(got.wire).toBe('reset');
}

const send = (name: Uint8Array, ...rest: readonly Timed[]): Received =>
  receivePlain([[0, name], ...rest]);
const named = (name: string) => send(bytes(name), [1000, bytes('content')], [1001, 'fin']);
const connected: PlainSenderInput = { kind: 'connected', nowMs: 0 };
const answered = (text: string): PlainSenderInput => ({
  kind: 'bytes',
  bytes: bytes(text),
  nowMs: 1,
});

const TLS_CLIENT_HELLO = Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03);
const TLS_ALERT = Uint8Array.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46);

const ROWS: Readonly<Record<string, () => void>> = {
  P01: () => expect(arrived(named('a.txt'))).toEqual(whole('a.txt', 'content')),
  P02: () => {
    const got = receivePlain([...each('report.pdf', 50), [2000, bytes('x')], [2001, 'fin']]);
    expect(arrived(got)).toEqual(whole('report.pdf', 'x'));
    expect(got.okAtMs).toBe(9 * 50 + QUIET);
  },
  P03: () => {
    expectRefused(send(bytes('a.txtcontent'), [1, 'fin']), 'PEER_GONE');
    expectRefused(send(bytes(`a.txt${'c'.repeat(5000)}`)), 'NAME_REFUSED');
    // what is under way with nothing to tell it apart is one name: an odd file, and an empty one
    const got = send(bytes('a.txtcontent'), [QUIET + 1, 'fin']);
    expect(arrived(got)).toEqual(whole('a.txtcontent', ''));
  },
  P04: () => {
    expectRefused(send(bytes('a.txt'), [0, 'fin']), 'PEER_GONE');
    expectRefused(send(bytes('a.txt'), [QUIET, 'fin']), 'PEER_GONE');
  },
  P05: () => {
    const got = send(bytes('a.txt'));
    expectCutShort(got, 'PEER_TIMEOUT');
    expect(got.endedAtMs).toBe(QUIET + PLAIN_IDLE_MS);
  },
  P06: () => {
    const got = receivePlain([]);
    expectRefused(got, 'PEER_TIMEOUT');
    expect(got.endedAtMs).toBe(PLAIN_IDLE_MS);
  },
  P07: () => {
    expectRefused(receivePlain([[5, 'reset']]), 'PEER_GONE');
    expectRefused(send(bytes('a.txt'), [5, 'reset']), 'PEER_GONE');
  },
  P08: () => {
    expectRefused(
      receivePlain([
        [0, new Uint8Array(0)],
        [1000, 'fin'],
      ]),
      'PEER_GONE',
    );
    for (const name of ['\n', '\r\n', '\0', ' ']) expectRefused(named(name), 'NAME_REFUSED');
  },
  P09: () => {
    const got = send(bytes('x'.repeat(PLAIN_NAME_BYTES + 1)));
    expectRefused(got, 'NAME_REFUSED');
    expect(got.endedAtMs).toBe(0);
    expectRefused(named('x'.repeat(PLAIN_NAME_BYTES)), 'NAME_REFUSED');
  },
  P10: () => {
    const megabyte = new Uint8Array(1024 * 1024).fill(0x61);
    expect(send(megabyte).endedAtMs).toBe(0);
    expectRefused(send(megabyte), 'NAME_REFUSED');
  },
  P11: () => {
    expect(arrived(named('a.txt\n'))).toEqual(whole('a.txt', 'content'));
    expect(arrived(named('a.txt\r\n'))).toEqual(whole('a.txt', 'content'));
    expect(arrived(named('a.txt\n\n'))).toEqual(whole('a.txt_', 'content'));
  },
  P12: () => {
    expect(arrived(named('a.txt\0'))).toEqual(whole('a.txt', 'content'));
    expectRefused(named('a.txt\0\0'), 'NAME_REFUSED');
  },
  P13: () => {
    for (const name of ['../../x', '..', '../', '/etc/passwd', 'a/b']) {
      expectRefused(named(name), 'NAME_REFUSED');
    }
  },
  P14: () => expect(arrived(named('C:\\x'))).toEqual(whole('C:_x', 'content')),
  P15: () => expectRefused(send(latin1('caf\u00e9.txt')), 'NAME_REFUSED'),
  P16: () => {
    expectRefused(send(new Uint8Array(Buffer.from('a.txt', 'utf16le'))), 'NAME_REFUSED');
    expectRefused(send(new Uint8Array(Buffer.from('\ufeffa.txt', 'utf16le'))), 'NAME_REFUSED');
  },
  P17: () => {
    const got = receivePlain([...each('日本語😀.pdf', 40), [5000, bytes('x')], [5001, 'fin']]);
    expect(arrived(got)).toEqual(whole('日本語😀.pdf', 'x'));
  },
  P18: () => {
    expectRefused(send(TLS_CLIENT_HELLO), 'NOT_DROPLINE');
    expectRefused(
      receivePlain([...TLS_CLIENT_HELLO].map((byte, n) => [n, Uint8Array.of(byte)])),
      'NOT_DROPLINE',
    );
  },
  P19: () => {
    const alert: PlainSenderInput = { kind: 'bytes', bytes: TLS_ALERT, nowMs: 1 };
    expect(sendPlain('a.txt', [connected, alert])).toMatchObject({
      outcome: { kind: 'failed', failure: { code: 'NOT_DROPLINE' } },
      wire: 'reset',
    });
  },
  P20: () => {
    const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
    expectRefused(send(bytes(request)), 'NOT_DROPLINE');
    expectRefused(receivePlain(each(request, 1)), 'NOT_DROPLINE');
    expectRefused(send(bytes('OPTIONS * HTTP/1.1\r\n')), 'NOT_DROPLINE');
    expectRefused(send(bytes(`POST /${'a'.repeat(1500)} HTTP/1.1\r\n`)), 'NOT_DROPLINE');
    expect(arrived(named('GET started.txt\r\n'))).toEqual(whole('GET started.txt', 'content'));
  },
  P21: () => {
    expectRefused(send(bytes('SSH-2.0-OpenSSH_9.6\r\n')), 'NOT_DROPLINE');
    expect(arrived(named('SSH-keys.txt'))).toEqual(whole('SSH-keys.txt', 'content'));
  },
  P22: () => expect(arrived(send(bytes('a'), [1000, 'fin']))).toEqual(whole('a', '')),
  P23: () => {
    const got = send(bytes('a'), [1000, bytes('half')], [1001, 'reset']);
    expectCutShort(got, 'PEER_GONE');
  },
  P24: () => {
    // the system ends a killed sender's stream in good order: hence "possibly incomplete"
    const got = send(bytes('a'), [1000, bytes('half')], [1001, 'fin']);
    expect(arrived(got)).toEqual(whole('a', 'half'));
  },
  P25: () => {
    const endless: Timed[] = Array.from({ length: 100 }, (_, n) => [1000 + n, bytes('more')]);
    expectCutShort(send(bytes('a'), ...endless, [1100, 'diskFull']), 'DISK_FULL');
  },
  P26: () => {
    const slow: Timed[] = Array.from({ length: 200 }, (_, n) => [1000 * (n + 1), bytes('x')]);
    const got = send(bytes('a'), ...slow, [201_000, 'fin']);
    expect(arrived(got)).toEqual(whole('a', 'x'.repeat(200)));
  },
  P27: () => {
    const waiting = sendPlain('a', [connected, answered('o')]);
    expect(waiting).toMatchObject({ effects: ['write'], phase: 'waiting' });
    expect(sendPlain('a', [connected, answered('o'), answered('k')]).effects).toEqual([
      'write',
      'stream',
    ]);
  },
  P28: () => {
    const got = send(bytes('a'), [QUIET + 1, 'fin']);
    expect(got.okAtMs).toBe(QUIET);
    expect(arrived(got)).toEqual(whole('a', ''));
  },
  P29: () => expect(arrived(named('ok'))).toEqual(whole('ok', 'content')),
  P30: () => {
    const got = send(bytes('first'), [1000, bytes('second')], [2000, bytes('x')], [2001, 'fin']);
    expect(arrived(got)).toEqual(whole('first', 'secondx'));
  },
};

const corpus = JSON.parse(
  readFileSync(new URL('../../corpus/plain-first-bytes.json', import.meta.url), 'utf8'),
) as readonly { readonly id: string; readonly what: string }[];

describe('the bare exchange', () => {
  it.each(corpus)('survives $id: $what', ({ id }) => {
    const row = ROWS[id];
    if (row === undefined) throw new Error(`${id} is not tried`);
    row();
  });

  it('is the same however name and content are cut on the way', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 20 });
    fc.assert(
      fc.property(anyName, fc.uint8Array({ maxLength: 200 }), cuts, cuts, (name, content, a, b) => {
        fc.pre(name !== '');
        const slowName = pieces(bytes(name), a, 0, QUIET);
        const okMs = lastMs(slowName) + QUIET;
        const slowContent = pieces(content, b, okMs + 1, PLAIN_IDLE_MS);
        const inPieces = receivePlain([
          ...slowName,
          ...slowContent,
          [Math.max(okMs, lastMs(slowContent)) + 1, 'fin'],
        ]);
        const inOne = receivePlain([
          [0, bytes(name)],
          [QUIET + 1, content],
          [QUIET + 2, 'fin'],
        ]);
        const { okAtMs } = inPieces;
        expect({ ...inPieces, okAtMs: 0, endedAtMs: 0 }).toEqual({
          ...inOne,
          okAtMs: 0,
          endedAtMs: 0,
        });
        expect(okAtMs === null).toBe(inOne.okAtMs === null);
        if (inOne.okAtMs === null) return;
        expect(okAtMs).toBe(okMs);
        expect(inOne.publishedBytes).toBe(content.length);
        expect(Buffer.from(inPieces.content).equals(content)).toBe(true);
      }),
    );
  });

  it('asks before it says ok, and takes no content unasked', () => {
    const silent = receivePlain([[0, bytes('a.txt')]], 'never');
    expect(silent).toMatchObject({ name: 'a.txt', okAtMs: null, outcome: { kind: 'declined' } });
    expect(silent.endedAtMs).toBe(QUIET + ANSWER_TIMEOUT_MS);
    const early = receivePlain(
      [
        [0, bytes('a.txt')],
        [1000, bytes('x')],
      ],
      'never',
    );
    expectRefused(early, 'PROTOCOL_VIOLATION');
    expectRefused(
      receivePlain(
        [
          [0, bytes('a.txt')],
          [1000, 'fin'],
        ],
        'never',
      ),
      'PEER_GONE',
    );
  });

  it('saves a name as planned and tells what it was', () => {
    const got = named('inv\u202egpj.exe');
    expect(got).toMatchObject({ name: 'inv\u202egpj.exe', saved: 'inv_gpj.exe' });
    expect(named('\ufeffa.txt')).toMatchObject({ name: '\ufeffa.txt', saved: '_a.txt' });
  });

  it('ends a sender that falls silent, and publishes nothing of it', () => {
    const got = send(bytes('a'), [1000, bytes('x')]);
    expectCutShort(got, 'PEER_TIMEOUT');
    expect(got.endedAtMs).toBe(1000 + PLAIN_IDLE_MS);
  });

  it('resets what this side cancels midway, and closes what it has not answered', () => {
    expect(send(bytes('a'), [1000, 'cancel'])).toMatchObject({
      outcome: { kind: 'cancelled', by: 'us' },
      wire: 'reset',
      publishedBytes: null,
    });
    expect(send(bytes('a'), [1, 'cancel'])).toMatchObject({ wire: 'close', okAtMs: null });
  });
});

function lastMs(script: readonly Timed[]): number {
  return script.at(-1)?.[0] ?? 0;
}

function pieces(
  all: Uint8Array,
  cuts: readonly number[],
  fromMs: number,
  withinMs: number,
): Timed[] {
  if (all.length === 0) return [];
  const starts = [...new Set([0, ...cuts.map((cut) => cut % all.length)])].sort((a, b) => a - b);
  return starts.map((start, n) => [
    fromMs + n * (withinMs - 1),
    all.subarray(start, starts[n + 1] ?? all.length),
  ]);
}
