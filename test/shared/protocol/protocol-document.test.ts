import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { availableHashes, digestOf } from '../../../electron/engine/transfer/hash.ts';
import { realPairing } from '../../../electron/engine/transfer/pairing-ports.ts';
import { ERROR_CODES } from '../../../shared/errors.ts';
import { spacedCode } from '../../../shared/model/pairing.ts';
import { decodeAnnouncement, encodeAnnouncement } from '../../../shared/protocol/announcement.ts';
import type { Hint } from '../../../shared/protocol/announcement.ts';
import { FRAME_TYPES, FrameReader } from '../../../shared/protocol/frame.ts';
import type { FrameName } from '../../../shared/protocol/frame.ts';
import type { Digest } from '../../../shared/protocol/hash-tree.ts';
import { fileHash, toHex, transferHash } from '../../../shared/protocol/hash-tree.ts';
import {
  LANE_FRAME_TYPES,
  decodeLane,
  encodeLane,
} from '../../../shared/protocol/lane-messages.ts';
import * as limits from '../../../shared/protocol/limits.ts';
import { decodeMessage, encodeMessage, toWireCode } from '../../../shared/protocol/messages.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { EXPORTER_LABEL } from '../../../shared/protocol/pairing-code.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import {
  PAIRING_FRAME_TYPES,
  decodePairing,
  encodePairing,
} from '../../../shared/protocol/pairing-messages.ts';
import type { PairingOutcome } from '../../../shared/protocol/pairing.ts';
import { createPairing, stepPairing } from '../../../shared/protocol/pairing.ts';
import { WireReceiver } from '../../support/wire-receiver.ts';

/** PROTOCOL.md is what a second implementation is written from: it must say what the code does. */

const document = readFileSync(
  new URL('../../../shared/protocol/PROTOCOL.md', import.meta.url),
  'utf8',
);

function section(heading: string): string {
  const from = document.indexOf(`\n## ${heading}`);
  expect(from).toBeGreaterThan(0);
  const to = document.indexOf('\n## ', from + 1);
  return document.slice(from, to < 0 ? undefined : to);
}

/** The cells of every table row, without the marks of code. */
function rows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|-]+$/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));
}

const blocks = (language: string): string[] =>
  [...document.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\\n\`\`\``, 'g'))].map(
    ([, body]) => body ?? '',
  );
const fromHex = (hex: string): Uint8Array =>
  new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

interface Vector {
  readonly from: string;
  readonly shown: { readonly type: string; readonly content?: string };
  readonly frame: Uint8Array;
}

const vectors: readonly Vector[] = blocks('vector').map((body) => {
  const [head = '', ...hex] = body.split('\n');
  const [, from = '', json = ''] = /^([SR] )?(.*)$/.exec(head) ?? [];
  const shown = JSON.parse(json) as Vector['shown'];
  return { from: from.trim(), shown, frame: fromHex(hex.join('')) };
});

/** Byte fields are hexadecimal in the document. */
function shownAs(message: Message): unknown {
  return JSON.parse(JSON.stringify(message, hexOfBytes));
}

function hexOfBytes(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value;
}

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
    const names = new Set(document.match(/`[A-Z]+(?:_[A-Z]+)+`/g)?.map((n) => n.slice(1, -1)));
    const known = new Set([...Object.keys(limits), ...ERROR_CODES]);
    expect([...names].filter((name) => !known.has(name))).toEqual([]);
  });

  test('names the version and its ALPN name', () => {
    expect(limits.PROTOCOL_VERSIONS).toEqual([1]);
    expect(document).toContain('# The Dropline protocol, version 1\n');
    for (const name of limits.ALPN_PROTOCOLS)
      expect(section('2 Transport')).toContain(`\`${name}\``);
  });

  test('lists every message with its number, and a section that is there', () => {
    const listed = rows(section('5 Messages')).filter(([type]) => /^\d+$/.test(type ?? ''));
    expect(Object.fromEntries(listed.map(([type, name]) => [name, Number(type)]))).toEqual(
      FRAME_TYPES,
    );
    for (const [, name, , , at] of listed) {
      expect(document).toMatch(new RegExp(`\\n### ${at?.slice(1) ?? ''} .*\\b${name ?? ''}\\b`));
    }
  });

  test('lists the error codes that may cross the wire, and no other', () => {
    const listed = rows(section('8 Error codes')).slice(1);
    expect(listed.map(([code]) => code)).toEqual([...new Set(ERROR_CODES.map(toWireCode))].sort());
    expect(listed.every(([, meaning]) => (meaning?.length ?? 0) > 10)).toBe(true);
  });

  test('has the sections that comments in the code point to', () => {
    for (const heading of ['3 Frames', '4 Session', '5 Messages', '6 Hashing', '10 The bare']) {
      expect(document).toContain(`\n## ${heading}`);
    }
    for (const heading of ['5.3 entries', '5.4 have', '5.5 published', '5.6 file', '7.3 Names']) {
      expect(document).toContain(`\n### ${heading}`);
    }
    const cited = new Set([...document.matchAll(/§(\d+(?:\.\d+)?)/g)].map(([, at]) => at));
    for (const at of cited) {
      expect(document).toMatch(new RegExp(`\\n#{2,3} ${at?.replace('.', '\\.') ?? ''} `));
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
    expect(createHash('sha256').update(fromHex(spki)).digest('hex')).toBe(id);
  });

  test('holds for an announcement', () => {
    const [json = '', ...hex] = (blocks('txt')[0] ?? '').split('\n');
    const hint = JSON.parse(json) as Hint;
    const strings: Uint8Array[] = [];
    const bytes = fromHex(hex.join(''));
    for (let at = 0; at < bytes.length; at += (bytes[at] ?? 0) + 1) {
      strings.push(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0)));
    }
    expect(decodeAnnouncement(strings)).toEqual(hint);
    const pairs = Object.entries(encodeAnnouncement(hint)).map(([key, value]) => `${key}=${value}`);
    expect(strings.map((string) => Buffer.from(string).toString())).toEqual(pairs);
  });
});

describe('lanes in the specification', () => {
  const listed = rows(section('14 Lanes')).filter(([type]) => /^\d+$/.test(type ?? ''));
  const laneVectors = blocks('lane').map((body) => {
    const [head = '', ...hex] = body.split('\n');
    const [, json = ''] = /^(?:[SR] )?(.*)$/.exec(head) ?? [];
    const shown = JSON.parse(json) as { type: keyof typeof LANE_FRAME_TYPES };
    return { shown, frame: fromHex(hex.join('')) };
  });

  test('lists every message with its number, and shows each in a vector', () => {
    const names = listed.map(([type, name]) => [name, Number(type)]);
    expect(Object.fromEntries(names)).toEqual(LANE_FRAME_TYPES);
    expect(new Set(laneVectors.map(({ shown }) => shown.type))).toEqual(
      new Set(Object.keys(LANE_FRAME_TYPES)),
    );
    for (const name of limits.LANE_ALPN_PROTOCOLS) {
      expect(section('14 Lanes')).toContain(`\`${name}\``);
    }
  });

  test('gives no number two meanings', () => {
    const others = { ...FRAME_TYPES, ...PAIRING_FRAME_TYPES };
    for (const [name, type] of Object.entries(LANE_FRAME_TYPES)) {
      const elsewhere = Object.entries(others).find(([, other]) => other === type)?.[0];
      expect(elsewhere ?? name).toBe(name);
    }
  });

  test('has vectors that the code reads and writes', () => {
    for (const { shown, frame } of laneVectors) {
      expect(frame).toHaveLength(4 + Buffer.from(frame).readUInt32BE(0));
      expect(frame[4]).toBe(LANE_FRAME_TYPES[shown.type]);
      if (shown.type === 'data') continue; // it has no message: read as in a session
      const message = decodeLane(frame[4] ?? 0, frame.subarray(5));
      expect(message && JSON.parse(JSON.stringify(message))).toEqual(shown);
      expect(message && toHex(encodeLane(message))).toBe(toHex(frame));
    }
  });
});

describe('pairing in the specification', () => {
  const listed = rows(section('13 Pairing')).filter(([type]) => /^\d+$/.test(type ?? ''));

  /** The parts of A.7: two keys, what TLS exports, and the code. */
  const parts = new Map(
    [...(blocks('pairing-code')[0] ?? '').matchAll(/^([A-Z_]+)\n([0-9a-f \n]+)/gm)].map(
      ([, name, value]) => [name, (value ?? '').trim()],
    ),
  );
  const part = (name: string): Uint8Array => fromHex(parts.get(name) ?? '');
  const ends = {
    initiatorSpki: part('SPKI_I'),
    responderSpki: part('SPKI_R'),
    exported: part('EKM'),
  };

  const pairingVectors = blocks('pairing').map((body) => {
    const [head = '', ...hex] = body.split('\n');
    const [, from = '', json = ''] = /^([IR] )?(.*)$/.exec(head) ?? [];
    const shown = JSON.parse(json) as { type: keyof typeof PAIRING_FRAME_TYPES; bytes?: string };
    return { from: from.trim(), shown, frame: fromHex(hex.join('')) };
  });
  const readPairing = (frame: Uint8Array): PairingMessage | null =>
    decodePairing(frame[4] ?? 0, frame.subarray(5));
  const bytesSaidBy = (type: string): Uint8Array =>
    fromHex(pairingVectors.find(({ shown }) => shown.type === type)?.shown.bytes ?? '');

  test('lists every message with its number, and shows each in a vector', () => {
    const names = listed.map(([type, name]) => [name, Number(type)]);
    expect(Object.fromEntries(names)).toEqual(PAIRING_FRAME_TYPES);
    expect(new Set(pairingVectors.map(({ shown }) => shown.type))).toEqual(
      new Set(Object.keys(PAIRING_FRAME_TYPES)),
    );
    for (const name of limits.PAIRING_ALPN_PROTOCOLS) {
      expect(section('13 Pairing')).toContain(`\`${name}\``);
    }
    expect(section('13 Pairing')).toContain(`\`${EXPORTER_LABEL}\``);
  });

  test('gives no number two meanings', () => {
    for (const [name, type] of Object.entries(PAIRING_FRAME_TYPES)) {
      const inSessions = Object.entries(FRAME_TYPES).find(([, other]) => other === type)?.[0];
      expect(inSessions ?? name).toBe(name);
    }
  });

  test('has vectors that the code reads and writes', () => {
    for (const { shown, frame } of pairingVectors) {
      const message = readPairing(frame);
      expect(frame).toHaveLength(4 + Buffer.from(frame).readUInt32BE(0));
      expect(message && JSON.parse(JSON.stringify(message, hexOfBytes))).toEqual(shown);
      expect(message && toHex(encodePairing(message))).toBe(toHex(frame));
    }
  });

  test.each(['initiator', 'responder'] as const)('is what our %s says and shows', (role) => {
    const initiates = role === 'initiator';
    const said: string[] = [];
    const shown: string[] = [];
    let outcome: PairingOutcome | null = null;
    const nonce = bytesSaidBy(initiates ? 'reveal' : 'nonce');
    const platform = initiates ? 'other' : 'linux';
    let step = createPairing({ role, name: role, platform, ends, nonce, ports: realPairing });
    const perform = (next: typeof step): void => {
      step = next;
      for (const effect of next.effects) {
        if (effect.kind === 'send') said.push(toHex(encodePairing(effect.message)));
        if (effect.kind === 'show') shown.push(spacedCode(effect.code));
        if (effect.kind === 'end') outcome = effect.outcome;
      }
    };
    perform(step);
    const own = initiates ? 'I' : 'R';
    for (const { from, shown: what, frame } of pairingVectors) {
      if (from !== '' && from !== own) {
        perform(stepPairing(step.state, { kind: 'message', message: readPairing(frame)! }));
      } else if (from === own && what.type === 'match') {
        perform(stepPairing(step.state, { kind: 'answer', answer: 'match' }));
      }
    }
    const wanted = pairingVectors.filter(({ from }) => from === own);
    expect(said).toEqual(wanted.map(({ frame }) => toHex(frame)));
    expect(shown).toEqual([parts.get('CODE')]);
    expect(outcome).toEqual({ kind: 'paired' });
  });

  test('has a code that follows from its hashes, written anew', () => {
    const lp = (bytes: Uint8Array): Buffer => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return Buffer.concat([length, bytes]);
    };
    const id = (spki: Uint8Array): Buffer => createHash('sha256').update(spki).digest();
    const [mine, theirs] = [bytesSaidBy('reveal'), bytesSaidBy('nonce')];
    const { initiatorSpki, responderSpki, exported } = ends;
    const ids = [id(initiatorSpki), id(responderSpki), mine].map(lp);
    const commit = createHash('sha256')
      .update(Buffer.concat([Buffer.from('dropline-sas-commit-v1'), ...ids]))
      .digest('hex');
    expect(commit).toBe(toHex(bytesSaidBy('commit')));
    const all = [initiatorSpki, responderSpki, mine, theirs].map(lp);
    const mac = createHmac('sha256', exported)
      .update(Buffer.concat([Buffer.from('dropline-sas-v1'), ...all]))
      .digest();
    const digits = String(mac.readBigUInt64BE(0) % 1_000_000n).padStart(6, '0');
    expect(`${digits.slice(0, 3)} ${digits.slice(3)}`).toBe(parts.get('CODE'));
    expect(createHash('sha256').update(initiatorSpki).digest('hex')).toBe(
      blocks('peer-id')[0]?.split('\n').at(-1),
    );
  });
});
