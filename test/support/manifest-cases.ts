import { expect } from 'vitest';
import { FRAME_TYPES, encodeFrame } from '../../shared/protocol/frame.ts';
import { MAX_FILE_BYTES } from '../../shared/protocol/limits.ts';
import { bytesOf, offerOf } from './memory-tree.ts';
import type { Case } from './manifest-frames.ts';
import {
  frame,
  messages,
  HELLO,
  hello,
  data,
  header,
  file,
  offering,
  rawEntry,
  size,
  kind,
  time,
  ten,
  range,
  streaming,
  whole,
  MIB,
  large,
  MANY,
  named,
  blockOfData,
} from './manifest-frames.ts';

/** The rows of the corpus of hostile manifests that the protocol answers for, turned into bytes. */

/** What needs a disk, trust or more than one connection is tried where those are. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  M18: 'test/shared/protocol/wire-path.test.ts',
  M19: 'test/shared/protocol/wire-path.test.ts',
  M20: 'test/shared/protocol/wire-path.test.ts',
  M25: 'the wire carries no mode, only executable: test/electron/engine/transfer',
  M30: 'test/shared/protocol/mutation.test.ts; final names: test/electron/engine/transfer',
  M39: 'test/electron/engine/transfer',
  M40: 'test/electron/engine/transfer',
  M45: 'test/electron/engine/transfer',
  M46: 'test/shared/protocol/wire-path.test.ts',
};

export const CASES: Readonly<Record<string, readonly Case[]>> = {
  M01: [
    {
      bytes: [hello, frame('offer', { ...offerOf([]), items: [{ name: 'a', kind: 'file' }] })],
      expect: 'R',
    },
    { bytes: [...ten.slice(0, 2), frame('entries', { entries: [] })], expect: 'R' },
  ],
  M02: [{ bytes: offering([file('a', 0)]), expect: 'A' }],
  M03: [size('-1')],
  M04: [size('1.5')],
  M05: [size('9007199254740992')],
  M06: [size('"10"')],
  M07: [size('NaN'), size('Infinity'), size('1e999')],
  M08: [size('9223372036854775808')],
  M09: [
    streaming(...messages(range(0, 0, 10)), data(11)),
    streaming(...messages(range(0, 0, 10)), data(10), data(1)),
    streaming(...messages(range(0, 0, 11))),
  ],
  M10: [
    {
      bytes: [...ten, ...messages(range(0, 0, 10)), data(9)],
      expect: 'A',
      check: (receiver) => {
        receiver.close('PEER_GONE');
        expect(receiver.outcome).toMatchObject({ failure: { code: 'PEER_GONE' } });
        expect(receiver.files.size).toBe(0);
        expect(receiver.writes).toMatchObject([{ index: 0, offset: 0, bytes: 9 }]);
      },
    },
  ],
  M11: [{ bytes: offering(MANY), expect: 'A' }],
  M12: [
    {
      bytes: offering([...MANY, file('one more', 0)]).slice(0, 2),
      expect: 'R',
      check: ({ outcome }) => {
        expect(outcome).toMatchObject({ failure: { code: 'TOO_MANY_FILES' } });
      },
    },
  ],
  M13: [{ bytes: [hello, header(255, 255, 255, 255)], expect: 'R' }],
  M14: [{ bytes: [hello, header(0, 0, 0, 0)], expect: 'R' }],
  M15: [{ bytes: [hello, header(128, 0, 0, 0)], expect: 'R' }],
  M16: [
    rawEntry('{"path":'.repeat(10_000)),
    rawEntry(
      `{"kind":"file","path":["a"],"bytes":10,"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    ),
  ].map((bytes) => ({ bytes, expect: 'R' })),
  M17: [{ bytes: offering([file('d/a', 1), file('d/a', 1)]), expect: 'R' }],
  M21: [{ bytes: offering([file('d/a', 1), file('d/a/b', 1)]), expect: 'R' }],
  M22: [{ bytes: offering([file('a/b', 1), { kind: 'directory', path: ['a'] }]), expect: 'A' }],
  M23: [kind('symlink')],
  M24: ['hardlink', 'device', 'fifo', 'FILE', ''].map(kind),
  M26: ['-1', '9007199254740992', '253402300799000000', '1e999', '"soon"', 'null'].map(time),
  M27: [
    { bytes: [hello, frame('offer', { ...offerOf([file('a', 1)]), bytes: 2 ** 60 })], expect: 'R' },
    // what a number can hold is shown, and refused for want of space by whoever asks the disk
    { bytes: offering([file('a', 2 ** 52)]), expect: 'A' },
  ],
  M28: [
    {
      bytes: [
        hello,
        frame('offer', { ...offerOf([file('a', 1), file('b', 0)]), bytes: MAX_FILE_BYTES }),
        frame('entries', { entries: [file('a', MAX_FILE_BYTES), file('b', MAX_FILE_BYTES)] }),
      ],
      expect: 'R',
    },
  ],
  M29: [
    streaming(...whole(0), ...whole(1), frame('verify', { hash: 'ab' })),
    streaming(...whole(0), ...whole(1), frame('verify', { hash: 'G'.repeat(64) })),
    streaming(
      ...messages(range(0, 0, 10)),
      data(10),
      encodeFrame(FRAME_TYPES.fileEnd, bytesOf(35)),
    ),
  ],
  M31: [
    {
      bytes: [
        frame('hello', { ...HELLO, colour: 'red' }),
        frame('offer', { ...offerOf([file('a', 1)]), mood: { good: true } }),
        frame('entries', { entries: [{ ...file('a', 1), inode: 7 }], total: 1 }),
      ],
      expect: 'A',
      check: ({ entries }) => {
        expect([...entries]).toEqual([file('a', 1)]);
      },
    },
  ],
  M32: [
    {
      bytes: [frame('hello', { ...HELLO, versions: [999] })],
      expect: 'R',
      check: ({ outcome }) => {
        expect(outcome).toMatchObject({ failure: { code: 'VERSION_UNSUPPORTED' } });
      },
    },
  ],
  M33: [
    rawEntry('{"kind":"file","path":["a"],"bytes":10,"__proto__":{"executable":true}}'),
    rawEntry('{"__proto__":{"kind":"file","path":["a"],"bytes":10}}'),
    rawEntry('{"kind":"file","path":["a"],"bytes":10,"constructor":{"prototype":{"x":1}}}'),
  ].map((bytes) => ({
    bytes,
    expect: 'R',
    check: () => {
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  })),
  M34: [
    {
      bytes: rawEntry('{"kind":"file","path":["b"],"path":["a"],"bytes":10}'),
      expect: 'A',
      check: ({ entries }) => {
        expect([...entries]).toEqual([file('a', 10)]);
      },
    },
    // the last one counts, and that is not what the prompt would show
    { bytes: rawEntry('{"kind":"file","path":["a"],"path":["b"],"bytes":10}'), expect: 'R' },
  ],
  M35: [
    streaming(frame('entries', { entries: [file('z', 10)] })),
    streaming(frame('offer', offerOf([file('z', 10)]))),
    {
      bytes: [
        hello,
        frame('offer', offerOf([file('a', 1)])),
        frame('entries', { entries: [file('b', 1)] }),
      ],
      expect: 'R',
    },
    {
      bytes: [
        hello,
        frame('offer', offerOf([file('a', 1)])),
        frame('entries', { entries: [file('a/b', 1)] }),
      ],
      expect: 'R',
    },
    {
      bytes: [
        hello,
        frame('offer', offerOf([file('a', 1)])),
        frame('entries', { entries: [file('a', 2)] }),
      ],
      expect: 'R',
    },
  ],
  M36: [
    streaming(...messages(range(2, 0, 10))),
    streaming(...messages(range(0xffffffff, 0, 10))),
    streaming(data(1)),
    streaming(...whole(0), data(1)),
  ],
  M37: [
    streaming(...messages(range(0, 10, 1))),
    streaming(...messages(range(0, MAX_FILE_BYTES, MAX_FILE_BYTES))),
    streaming(...messages(range(0, 0, 0))),
    streaming(...messages(range(0, 0, 10)), data(5), ...messages(range(0, 5, 5))),
    ...[range(0, 0, MIB), range(0, MIB, MIB)].map((again) => ({
      bytes: [...large, ...messages(range(0, MIB, MIB)), ...blockOfData(), ...messages(again)],
      expect: 'R' as const,
    })),
    // ranges are whole blocks, so that no block is ever made of two sources
    { bytes: [...large, ...messages(range(0, 1, MIB))], expect: 'R' },
    { bytes: [...large, ...messages(range(0, 0, MIB + 1))], expect: 'R' },
  ],
  M38: [
    { bytes: [data(1)], expect: 'R' },
    { bytes: [hello, data(1)], expect: 'R' },
    { bytes: [hello, ...messages(range(0, 0, 10)), data(10)], expect: 'R' },
    { bytes: [...ten.slice(0, 2), data(10)], expect: 'R' },
  ],
  M41: [
    rawEntry('{"kind":"file","path":["a"],"bytes":10,"compression":"zstd"}'),
    [hello, frame('offer', { ...offerOf([file('a', 10)]), compression: 'gzip' })],
    [...ten, encodeFrame(FRAME_TYPES.error + 1, bytesOf(20))],
  ].map((bytes) => ({ bytes, expect: 'R' })),
  M42: [named('x'.repeat(1_000_000)), named('<b>a</b>\u202egpj\n\u001b[31mred'), named('')],
  M43: [
    {
      bytes: [
        frame('hello', { ...HELLO, peerId: 'a'.repeat(64), fingerprint: 'b' }),
        ...ten.slice(1),
      ],
      expect: 'A',
      check: (receiver) => {
        expect(JSON.stringify(receiver.states)).not.toContain('a'.repeat(64));
      },
    },
  ],
  M44: [
    streaming(...whole(0), ...messages(range(0, 0, 10))),
    streaming(...whole(1), ...whole(0)),
    streaming(...messages(range(0, 0, 10)), data(10), ...whole(1)),
    streaming(...whole(0), ...messages({ type: 'fileFailed', index: 0, code: 'SOURCE_CHANGED' })),
  ],
};
