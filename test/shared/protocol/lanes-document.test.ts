import { describe, expect, test } from 'vitest';
import { FRAME_TYPES } from '../../../shared/protocol/frame.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import {
  LANE_FRAME_TYPES,
  decodeLane,
  encodeLane,
} from '../../../shared/protocol/lane-messages.ts';
import { LANE_ALPN_PROTOCOLS } from '../../../shared/protocol/limits.ts';
import { PAIRING_FRAME_TYPES } from '../../../shared/protocol/pairing-messages.ts';
import { messageRows, section, shownAs, vectorsOf } from '../../support/protocol-document.ts';

describe('lanes in the specification', () => {
  const listed = messageRows('14 Lanes');
  const vectors = vectorsOf<keyof typeof LANE_FRAME_TYPES>('lane');

  test('lists every message with its number, and shows each in a vector', () => {
    const names = listed.map(([type, name]) => [name, Number(type)]);
    expect(Object.fromEntries(names)).toEqual(LANE_FRAME_TYPES);
    expect(new Set(vectors.map(({ shown }) => shown.type))).toEqual(
      new Set(Object.keys(LANE_FRAME_TYPES)),
    );
    for (const name of LANE_ALPN_PROTOCOLS) {
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
    for (const { shown, frame } of vectors) {
      expect(frame).toHaveLength(4 + Buffer.from(frame).readUInt32BE(0));
      expect(frame[4]).toBe(LANE_FRAME_TYPES[shown.type]);
      if (shown.type === 'data') continue; // it has no message: read as in a session
      const message = decodeLane(frame[4] ?? 0, frame.subarray(5));
      expect(message && shownAs(message)).toEqual(shown);
      expect(message && toHex(encodeLane(message))).toBe(toHex(frame));
    }
  });
});
