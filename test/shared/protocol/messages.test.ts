import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ERROR_CODES } from '../../../shared/errors.ts';
import { FRAME_TYPES, FrameReader, encodeFrame } from '../../../shared/protocol/frame.ts';
import { encodeJson } from '../../../shared/protocol/json.ts';
import {
  MAX_DONE_PROBLEMS,
  MAX_ENTRIES,
  MAX_NAME_UNITS,
  MAX_OFFER_ITEMS,
  MAX_PAGE_ENTRIES,
  MAX_PATH_DEPTH,
} from '../../../shared/protocol/limits.ts';
import {
  decodeMessage,
  encodeMessage,
  listOf,
  toWireCode,
} from '../../../shared/protocol/messages.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { offerOf } from '../../support/memory-tree.ts';
import { message } from '../../support/protocol-arbitraries.ts';

function decodeFrames(bytes: Uint8Array): (Message | null)[] {
  const messages: (Message | null)[] = [];
  const reader = new FrameReader({
    onFrame: (type, payload) => messages.push(decodeMessage(type, payload)),
    onData: () => messages.push(null),
  });
  expect(reader.push(bytes)).toBe(true);
  return messages;
}

const failure = { index: 0, code: 'DISK_FULL' };
const directory = (path: unknown) => ({ kind: 'directory', path });
const filled = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const hello = { versions: [1], name: 'x', platform: 'linux', hashes: ['sha256'] };

describe('messages', () => {
  test('of every type come back as they were sent', () => {
    const types = new Set<string>();
    fc.assert(
      fc.property(message, (sent) => {
        types.add(sent.type);
        expect(decodeFrames(encodeMessage(sent))).toEqual([sent]);
      }),
      { numRuns: 600 },
    );
    expect([...types, 'data'].sort()).toEqual(Object.keys(FRAME_TYPES).sort());
  });

  test('never make the decoder throw, whatever their type and bytes', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.jsonValue().map(encodeJson),
      message.map((m) => encodeMessage(m).subarray(5)),
    );
    fc.assert(
      fc.property(fc.oneof(fc.nat(20), fc.nat(255)), payload, (type, bytes) => {
        const decoded = decodeMessage(type, bytes);
        if (decoded) expect(FRAME_TYPES[decoded.type]).toBe(type);
      }),
      { numRuns: 1000 },
    );
  });

  test('never make the decoder throw where one of their fields is anything at all', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.jsonValue(), (sent, at, value) => {
        const { type, ...body } = sent;
        const keys = Object.keys(body);
        const key = keys[at % Math.max(1, keys.length)] ?? 'extra';
        decodeMessage(FRAME_TYPES[type], encodeJson({ ...body, [key]: value }));
      }),
      { numRuns: 300 },
    );
  });

  test('of an unknown type are not messages, and data never is one', () => {
    for (const type of [0, FRAME_TYPES.data, 21, 200, 255]) {
      expect(decodeMessage(type, encodeJson({}))).toBeNull();
    }
  });

  test('lose the fields that this version does not know', () => {
    const decoded = decodeMessage(
      FRAME_TYPES.hello,
      encodeJson({ ...hello, peerId: 'f'.repeat(64) }),
    );
    expect(decoded).toEqual({ type: 'hello', ...hello });
  });

  test('that are only their type may come with no payload or an empty object', () => {
    for (const type of ['ok', 'ping', 'cancel', 'pause', 'resume'] as const) {
      expect(decodeMessage(FRAME_TYPES[type], new Uint8Array(0))).toEqual({ type });
      expect(decodeMessage(FRAME_TYPES[type], encodeJson({}))).toEqual({ type });
      expect(decodeMessage(FRAME_TYPES[type], encodeJson([]))).toBeNull();
    }
  });

  test('name what went wrong here by the codes of the wire only', () => {
    for (const code of ERROR_CODES) {
      const sent: Message[] = [
        { type: 'error', code },
        { type: 'decline', code },
        { type: 'fileFailed', index: 0, code },
        { type: 'skip', code, indexes: [0] },
        { type: 'done', files: 0, bytes: 0, failedCount: 1, failed: [{ index: 0, code }] },
      ];
      for (const each of sent) {
        const text = new TextDecoder().decode(encodeMessage(each).subarray(5));
        expect(text).toContain(`"code":"${toWireCode(code)}"`);
      }
    }
    expect(toWireCode('HOME_LOCKED')).toBe('PEER_ERROR');
    expect(toWireCode('made up')).toBe('PEER_ERROR');
  });

  test('with a code from a newer version are taken as PEER_ERROR', () => {
    expect(decodeMessage(FRAME_TYPES.error, encodeJson({ code: 'FULL_MOON' }))).toEqual({
      type: 'error',
      code: 'PEER_ERROR',
    });
  });

  test('keep only the beginning of a device name, and refuse nothing for its length', () => {
    const name = 'n'.repeat(1_000_000);
    const decoded = decodeMessage(FRAME_TYPES.hello, encodeJson({ ...hello, name }));
    expect(decoded).toMatchObject({ name: 'n'.repeat(MAX_NAME_UNITS) });
  });

  test.each<[string, keyof typeof FRAME_TYPES, number, (count: number) => object]>([
    ['entries', 'entries', MAX_PAGE_ENTRIES, (n) => ({ entries: filled(n, directory(['a'])) })],
    [
      'parts of a path',
      'entries',
      MAX_PATH_DEPTH,
      (n) => ({ entries: [directory(filled(n, 'a'))] }),
    ],
    ['versions', 'hello', 32, (n) => ({ ...hello, versions: filled(n, 1) })],
    ['hashes', 'hello', 16, (n) => ({ ...hello, hashes: filled(n, 'sha256') })],
    [
      'items',
      'offer',
      MAX_OFFER_ITEMS,
      (n) => ({ ...offerOf([]), items: filled(n, { name: 'a', kind: 'file' }) }),
    ],
    [
      'indexes',
      'skip',
      MAX_ENTRIES,
      (n) => ({ code: 'FILE_TOO_BIG', indexes: Array.from({ length: n }, (_, at) => at) }),
    ],
    [
      'failures',
      'done',
      MAX_DONE_PROBLEMS,
      (n) => ({ files: 0, bytes: 0, failedCount: n, failed: filled(n, failure) }),
    ],
  ])('hold as many %s as they may and no more', (_what, name, most, body) => {
    const decode = (count: number) => decodeMessage(FRAME_TYPES[name], encodeJson(body(count)));
    expect(decode(most)).toMatchObject(body(most));
    expect(decode(most + 1)).toBeNull();
  });

  test.each([0, {}, null, 'a', directory([]), directory([0]), directory(['']), directory('a')])(
    'are refused for one wrong entry among right ones: %j',
    (wrong) => {
      const page = (entries: unknown) =>
        decodeMessage(FRAME_TYPES.entries, encodeJson({ entries }));
      expect(page([directory(['a']), directory(['b'])])).not.toBeNull();
      expect(page([directory(['a']), wrong, directory(['b'])])).toBeNull();
      expect(page([directory(['a']), directory(['b']), wrong])).toBeNull();
      expect(page(wrong)).toBeNull();
    },
  );

  test('with a list of wrong elements are read no further than the first, or not at all', () => {
    let looks = 0;
    const element = z.custom<number>((value) => {
      looks += 1;
      return value === 1;
    });
    const read = (list: readonly number[]) => {
      looks = 0;
      return { fits: listOf(element, 1, 1000).safeParse(list).success, looks };
    };
    expect(read(filled(1000, 1))).toEqual({ fits: true, looks: 1000 });
    expect(read([1, 1, ...filled(998, 0)])).toEqual({ fits: false, looks: 3 });
    expect(read(filled(1001, 1))).toEqual({ fits: false, looks: 0 });
    expect(read([])).toEqual({ fits: false, looks: 0 });
  });

  test('of what holds a receiver up name one of three things', () => {
    const ack = (holdUp: number) =>
      decodeMessage(FRAME_TYPES.ack, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 5, holdUp));
    expect([0, 1, 2].map(ack)).toMatchObject([
      { holdUp: null },
      { holdUp: 'disk' },
      { holdUp: 'computer' },
    ]);
    expect([3, 255].map(ack)).toEqual([null, null]);
  });

  test('with numbers beyond 2^53 in their bytes are refused', () => {
    const large = Uint8Array.of(0, 0x20, 0, 0, 0, 0, 0, 0);
    expect(decodeMessage(FRAME_TYPES.ack, Uint8Array.of(...large, 0))).toBeNull();
    const file = new Uint8Array(20);
    file.set(large, 4);
    expect(decodeMessage(FRAME_TYPES.file, file)).toBeNull();
    const almost = Uint8Array.of(0, 0x1f, 255, 255, 255, 255, 255, 255);
    expect(decodeMessage(FRAME_TYPES.ack, Uint8Array.of(...almost, 1))).toEqual({
      type: 'ack',
      bytes: Number.MAX_SAFE_INTEGER,
      holdUp: 'disk',
    });
  });

  test.each([
    [FRAME_TYPES.have, [0, 8, 9, 39, 41]],
    [FRAME_TYPES.published, [0, 35, 37]],
    [FRAME_TYPES.file, [0, 19, 21]],
    [FRAME_TYPES.fileEnd, [0, 35, 37]],
    [FRAME_TYPES.ack, [0, 8, 10]],
  ])('of type %i are refused at any other length', (type, lengths) => {
    for (const length of lengths) expect(decodeMessage(type, new Uint8Array(length))).toBeNull();
  });

  test.each([
    ['an array', () => new Uint8Array(36)],
    ['a Buffer', () => Buffer.alloc(36)],
  ])('keep their bytes although the payload, %s, was only lent', (_what, make) => {
    const payload = make().fill(7);
    const decoded = decodeMessage(FRAME_TYPES.fileEnd, payload);
    payload.fill(0);
    expect(decoded).toMatchObject({ hash: new Uint8Array(32).fill(7) });
    expect(encodeFrame(FRAME_TYPES.fileEnd, payload)).toHaveLength(41);
  });
});
