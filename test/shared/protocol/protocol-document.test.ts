import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { availableHashes, digestOf } from '../../../electron/engine/transfer/hash.ts';
import { ERROR_CODES } from '../../../shared/errors.ts';
import { decodeAnnouncement, encodeAnnouncement } from '../../../shared/protocol/announcement.ts';
import type { Hint } from '../../../shared/protocol/announcement.ts';
import { FRAME_TYPES, FrameReader } from '../../../shared/protocol/frame.ts';
import type { FrameName } from '../../../shared/protocol/frame.ts';
import type { Digest } from '../../../shared/protocol/hash-tree.ts';
import { fileHash, toHex } from '../../../shared/protocol/hash-tree.ts';
import * as limits from '../../../shared/protocol/limits.ts';
import { decodeMessage, encodeMessage, toWireCode } from '../../../shared/protocol/messages.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import {
  blocks,
  fromSpacedHex,
  messageRows,
  protocolDocument,
  rows,
  section,
  shownAs,
  vectorsOf,
} from '../../support/protocol-document.ts';
import { WireReceiver } from '../../support/wire-receiver.ts';
import { transferHash } from '../../support/transfer-hash.ts';

/** PROTOCOL.md is what a second implementation is written from: it must say what the code does. */

const vectors = vectorsOf('vector');

function read(frame: Uint8Array): { message: Message | null; data: number[] } {
  const seen: { message: Message | null; data: number[] } = { message: null, data: [] };
  const reader = new FrameReader({
    onFrame: (type, payload) => {
      seen.message = decodeMessage(type, payload);
    },
    onData: (part) => {
      seen.data.push(...part);
    },
  });
  expect(reader.push(frame)).toBe(true);
  expect(reader.atBoundary).toBe(true);
  return seen;
}

describe('the specification', () => {
  test('lists every limit with the number that the code has, and no other', () => {
    const listed = rows(section('9 Limits')).slice(1);
    const numbers = Object.entries(limits).filter(([, value]) => typeof value === 'number');
    expect(listed.map(([name, value]) => [name, Number(value)])).toEqual(numbers);
  });

  test('names no limit in capitals that it does not list', () => {
    const names = new Set(
      protocolDocument.match(/`[A-Z]+(?:_[A-Z]+)+`/g)?.map((n) => n.slice(1, -1)),
    );
    const known = new Set([...Object.keys(limits), ...ERROR_CODES]);
    expect([...names].filter((name) => !known.has(name))).toEqual([]);
  });

  test('names the version and its ALPN name', () => {
    expect(limits.PROTOCOL_VERSIONS).toEqual([1]);
    expect(protocolDocument).toContain('# The Dropline protocol, version 1\n');
    for (const name of limits.ALPN_PROTOCOLS)
      expect(section('2 Transport')).toContain(`\`${name}\``);
  });

  test('lists every message with its number, and a section that is there', () => {
    const listed = messageRows('5 Messages');
    expect(Object.fromEntries(listed.map(([type, name]) => [name, Number(type)]))).toEqual(
      FRAME_TYPES,
    );
    for (const [, name, , , at] of listed) {
      expect(protocolDocument).toMatch(
        new RegExp(`\\n### ${at?.slice(1) ?? ''} .*\\b${name ?? ''}\\b`),
      );
    }
  });

  test('lists the error codes that may cross the wire, and no other', () => {
    const listed = rows(section('8 Error codes')).slice(1);
    expect(listed.map(([code]) => code)).toEqual([...new Set(ERROR_CODES.map(toWireCode))].sort());
    expect(listed.every(([, meaning]) => (meaning?.length ?? 0) > 10)).toBe(true);
  });

  test('has the sections that comments in the code point to', () => {
    for (const heading of ['3 Frames', '4 Session', '5 Messages', '6 Hashing', '10 The bare']) {
      expect(protocolDocument).toContain(`\n## ${heading}`);
    }
    for (const heading of ['5.3 entries', '5.4 have', '5.5 published', '5.6 file', '7.3 Names']) {
      expect(protocolDocument).toContain(`\n### ${heading}`);
    }
    const cited = new Set([...protocolDocument.matchAll(/§(\d+(?:\.\d+)?)/g)].map(([, at]) => at));
    for (const at of cited) {
      expect(protocolDocument).toMatch(new RegExp(`\\n#{2,3} ${at?.replace('.', '\\.') ?? ''} `));
    }
  });
});

describe('a test vector of the specification', () => {
  test('is there for every message', () => {
    const shown = new Set(vectors.map((vector) => vector.shown.type));
    expect([...shown].sort()).toEqual(Object.keys(FRAME_TYPES).sort());
  });

  test.each(vectors.map((vector, n) => [n + 1, vector.shown.type, vector] as const))(
    '%i: %s is what the code reads and writes',
    (_n, type, { shown, frame }) => {
      expect(frame[4]).toBe(FRAME_TYPES[type as FrameName]);
      const { message, data } = read(frame);
      if (type === 'data') {
        expect(toHex(Uint8Array.from(data))).toBe(shown.content);
        return;
      }
      expect(message && shownAs(message)).toEqual(shown);
      expect(message && toHex(encodeMessage(message))).toBe(toHex(frame));
    },
  );

  test('follows the one before in a session that our receiver takes', () => {
    const receiver = new WireReceiver();
    const answers: string[] = [...receiver.frames()].map(toHex);
    const expected: string[] = [];
    for (const { from, frame } of vectors) {
      if (from === 'R') expected.push(toHex(frame));
      if (from !== 'S') continue;
      receiver.take(frame);
      answers.push(...[...receiver.frames()].map(toHex));
    }
    expect(expected).toHaveLength(4);
    expect(answers).toEqual(expected);
    expect(receiver.outcome).toEqual({ kind: 'done' });
    expect(Buffer.from(receiver.files.get('a.txt') ?? []).toString()).toBe('abc');
  });

  const contentOf = (spec: string): Uint8Array => {
    const [kind, value = ''] = spec.split(':');
    return kind === 'zeros' ? new Uint8Array(Number(value)) : new TextEncoder().encode(value);
  };
  const hashOf = (spec: string, digest: Digest): Uint8Array => {
    const content = contentOf(spec);
    const hashes: Uint8Array[] = [];
    for (let at = 0; at < content.length; at += limits.BLOCK_BYTES) {
      hashes.push(digest(content.subarray(at, at + limits.BLOCK_BYTES)));
    }
    return fileHash(Buffer.concat(hashes), digest);
  };

  // a machine without the BLAKE3 addon has the other half of the vectors
  test.each(availableHashes)('holds for files and transfers hashed with %s', (algorithm) => {
    const digest = digestOf(algorithm);
    const listed = rows(section('Appendix')).filter((row) => row.includes(algorithm));
    const files = listed.filter((row) => row.length === 3);
    expect(files).toHaveLength(4);
    for (const [spec = '', , hash] of files) expect(toHex(hashOf(spec, digest))).toBe(hash);
    const transfer = transferHash(
      [
        { path: ['photos', 'a'], hash: hashOf('text:abc', digest) },
        { path: ['photos.txt'], hash: hashOf('zeros:0', digest) },
        { path: ['photos', 'b'], hash: hashOf('zeros:1048577', digest) },
      ],
      digest,
    );
    expect(listed.filter((row) => row.length === 2)).toEqual([[algorithm, toHex(transfer)]]);
  });

  test('holds for a peer id', () => {
    const [spki = '', id] = /^([^]*)\n(.*)$/.exec(blocks('peer-id')[0] ?? '')?.slice(1) ?? [];
    expect(createHash('sha256').update(fromSpacedHex(spki)).digest('hex')).toBe(id);
  });

  test('holds for an announcement', () => {
    const [json = '', ...hex] = (blocks('txt')[0] ?? '').split('\n');
    const hint = JSON.parse(json) as Hint;
    const strings: Uint8Array[] = [];
    const bytes = fromSpacedHex(hex.join(''));
    for (let at = 0; at < bytes.length; at += (bytes[at] ?? 0) + 1) {
      strings.push(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0)));
    }
    expect(decodeAnnouncement(strings)).toEqual(hint);
    const pairs = Object.entries(encodeAnnouncement(hint)).map(([key, value]) => `${key}=${value}`);
    expect(strings.map((string) => Buffer.from(string).toString())).toEqual(pairs);
  });
});
