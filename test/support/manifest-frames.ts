import { expect } from 'vitest';
import { FRAME_TYPES, encodeFrame } from '../../shared/protocol/frame.ts';
import { encodeJson } from '../../shared/protocol/json.ts';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';
import { MAX_ENTRIES } from '../../shared/protocol/limits.ts';
import { pagesOf } from '../../shared/protocol/manifest.ts';
import { encodeMessage } from '../../shared/protocol/messages.ts';
import type { Entry, Message } from '../../shared/protocol/messages.ts';
import { bytesOf, offerOf } from './memory-tree.ts';
import type { WireReceiver } from './wire-receiver.ts';

/** What the rows of the corpus of hostile manifests are put together from. */

export type Bytes = Uint8Array;
type Check = (receiver: WireReceiver) => void;
export interface Case {
  readonly bytes: readonly Bytes[];
  /** R: refused, nothing written but what was accepted and declared. A: the stream may begin. */
  readonly expect: 'A' | 'R';
  readonly check?: Check;
}

export const text = (type: number, json: string): Bytes =>
  encodeFrame(type, new TextEncoder().encode(json));
export const frame = (type: keyof typeof FRAME_TYPES, body: unknown): Bytes =>
  encodeFrame(FRAME_TYPES[type], encodeJson(body));
export const messages = (...all: readonly Message[]): Bytes[] => all.map(encodeMessage);

export const HELLO = {
  versions: [1],
  name: 'stranger',
  platform: 'linux' as const,
  hashes: ['sha256'],
};
export const hello = encodeMessage({ type: 'hello', ...HELLO });
export const data = (count: number): Bytes => encodeFrame(FRAME_TYPES.data, bytesOf(count));
export const header = (...bytes: number[]): Bytes => Uint8Array.from(bytes);

export function file(name: string, bytes: number): Entry {
  return { kind: 'file', path: name.split('/'), bytes };
}

export function offering(entries: readonly Entry[]): Bytes[] {
  const pages = [...pagesOf(entries)].map((page) => frame('entries', { entries: page }));
  return [hello, frame('offer', offerOf(entries)), ...pages];
}

/** One file entry whose fields are written as given, behind an offer that agrees with `bytes`. */
export function rawEntry(json: string, bytes = 10): Bytes[] {
  const offer = offerOf([file('a', bytes)]);
  return [hello, frame('offer', offer), text(FRAME_TYPES.entries, `{"entries":[${json}]}`)];
}

export const size = (literal: string): Case => ({
  bytes: rawEntry(`{"kind":"file","path":["a"],"bytes":${literal}}`),
  expect: 'R',
});
export const kind = (name: string): Case => ({
  bytes: rawEntry(`{"kind":"${name}","path":["a"],"bytes":10,"target":"/etc/passwd"}`),
  expect: 'R',
});
export const time = (literal: string): Case => ({
  bytes: rawEntry(`{"kind":"file","path":["a"],"bytes":10,"modifiedUs":${literal}}`),
  expect: 'A',
  check: ({ entries }) => {
    expect(entries.at(0)?.modifiedUs).toBeUndefined();
  },
});
export const ten = offering([file('a', 10), file('b', 10)]);
export const range = (index: number, offset: number, bytes: number): Message => ({
  type: 'file',
  index,
  offset,
  bytes,
});
export const streaming = (...stream: readonly Bytes[]): Case => ({
  bytes: [...ten, ...stream],
  expect: 'R',
});
export const whole = (index: number): Bytes[] => [
  ...messages(range(index, 0, 10)),
  data(10),
  ...messages({ type: 'fileEnd', index, hash: new Uint8Array(32) }),
];
export const MIB = 1024 * 1024;
export const large = offering([file('l', 3 * MIB)]);
export const MANY: readonly Entry[] = [
  { kind: 'directory', path: ['folder'] },
  ...Array.from({ length: MAX_ENTRIES - 1 }, (_, n) => file(`folder/name of file ${n}`, 0)),
];
export const named = (name: string): Case => ({
  bytes: [frame('hello', { ...HELLO, name }), ...ten.slice(1)],
  expect: 'A',
  check: ({ state }) => {
    const shown = cleanDeviceName(state.peerName);
    expect(shown).not.toMatch(/[\n\u001b\u202e]/);
    expect(Array.from(shown).length).toBeLessThanOrEqual(64);
  },
});

export function blockOfData(): Bytes[] {
  return Array.from({ length: 4 }, () => data(MIB / 4));
}
