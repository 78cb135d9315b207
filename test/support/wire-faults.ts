import fc from 'fast-check';
import { FRAME_HEADER_BYTES, FRAME_TYPES, encodeFrame } from '../../shared/protocol/frame.ts';
import { encodeJson, parseJson } from '../../shared/protocol/json.ts';
import type { Side, Tamper } from './wire-end.ts';

/** What can happen to one frame on its way. All of it but `cut` keeps the stream readable as frames. */
export type Fault =
  | { readonly kind: 'drop' }
  | { readonly kind: 'duplicate' }
  /** Changes places with the next one of the same direction. */
  | { readonly kind: 'swap' }
  | { readonly kind: 'retype'; readonly type: number }
  /** The payload ends early or goes on with zeros; the header tells the new length. */
  | { readonly kind: 'resize'; readonly share: number }
  /** Bytes are missing and the header does not know: the stream is out of step. */
  | { readonly kind: 'cut'; readonly share: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  /** One field of a JSON payload becomes something else. */
  | { readonly kind: 'edit'; readonly at: number; readonly value: unknown };

export interface Mutation {
  readonly from: Side;
  /** Which frame of that direction, counted from 0, round and round. */
  readonly nth: number;
  readonly fault: Fault;
}

export const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constant({ kind: 'drop' as const }),
  fc.constant({ kind: 'duplicate' as const }),
  fc.constant({ kind: 'swap' as const }),
  fc.record({
    kind: fc.constant('retype' as const),
    type: fc.constantFrom(...Object.values(FRAME_TYPES)),
  }),
  fc.record({
    kind: fc.constant('resize' as const),
    share: fc.double({ min: 0, max: 2, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('cut' as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant('edit' as const),
    at: fc.nat(),
    value: fc.oneof(
      fc.nat(10),
      fc.constantFrom(-1, 1.5, null, '', 'x', [], {}, true),
      fc.jsonValue(),
    ),
  }),
);

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  from: fc.constantFrom('sender' as const, 'receiver' as const),
  nth: fc.nat(40),
  fault,
});

/** Does each mutation once, to the frame that it names. */
export function tamperWith(mutations: readonly Mutation[]): Tamper {
  const counts = { sender: 0, receiver: 0 };
  const held: Record<Side, Uint8Array | null> = { sender: null, receiver: null };
  return (frame, from) => {
    const nth = counts[from]++;
    const found = mutations.find((m) => m.from === from && m.nth === nth);
    const before = held[from];
    held[from] = null;
    if (found?.fault.kind === 'swap' && before === null) {
      held[from] = frame;
      return [];
    }
    const changed = found ? apply(frame, found.fault) : [frame];
    return before ? [...changed, before] : changed;
  };
}

function apply(frame: Uint8Array, fault: Fault): readonly Uint8Array[] {
  const type = frame[4] ?? 0;
  const payload = frame.subarray(FRAME_HEADER_BYTES);
  switch (fault.kind) {
    case 'drop':
      return [];
    case 'duplicate':
      return [frame, frame];
    case 'swap':
      return [frame];
    case 'retype':
      return [encodeFrame(fault.type, payload)];
    case 'resize': {
      const resized = new Uint8Array(Math.floor(payload.length * fault.share));
      resized.set(payload.subarray(0, resized.length));
      return [encodeFrame(type, resized)];
    }
    case 'cut':
      return [frame.subarray(0, Math.floor(frame.length * fault.share))];
    case 'flip': {
      const flipped = payload.slice();
      const at = fault.at % Math.max(1, flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << fault.bit);
      return [encodeFrame(type, flipped)];
    }
    case 'edit':
      return [encodeFrame(type, edited(payload, fault.at, fault.value))];
  }
}

function edited(payload: Uint8Array, at: number, value: unknown): Uint8Array {
  const parsed = parseJson(payload);
  if (typeof parsed !== 'object' || parsed === null) return payload;
  const places = placesOf(parsed);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return payload;
  Object.assign(place.in, { [place.key]: value });
  return encodeJson(parsed);
}

interface Place {
  readonly in: object;
  readonly key: string;
}

function placesOf(value: object): Place[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    { in: value, key },
    ...(typeof inner === 'object' && inner !== null ? placesOf(inner) : []),
  ]);
}
