import { describe, expect, test } from 'vitest';
import { FRAME_TYPES } from '../../../shared/protocol/frame.ts';
import corpus from '../../corpus/manifests.json' with { type: 'json' };
import { CASES, ELSEWHERE } from '../../support/manifest-cases.ts';
import { WireReceiver } from '../../support/wire-receiver.ts';

/** Rows that promise something else than R or A, or each for another case. */
const MIXED = new Set(['M10', 'M26', 'M27', 'M31', 'M34', 'M42', 'M43']);

describe('the corpus of manifests', () => {
  test('has each of its rows tried here or named as tried elsewhere', () => {
    const tried = [...Object.keys(CASES), ...Object.keys(ELSEWHERE)].sort();
    expect(tried).toEqual(corpus.map(({ id }) => id).sort());
  });

  for (const { id, what, expect: promised } of corpus) {
    for (const [n, one] of (CASES[id] ?? []).entries()) {
      test(`${id}.${n + 1} ${what}: ${promised}`, () => {
        if (!MIXED.has(id)) expect(promised).toMatch(one.expect === 'R' ? /(^|; )R\b/ : /^A\b/);
        const receiver = new WireReceiver();
        for (const bytes of one.bytes) receiver.take(bytes);
        if (one.expect === 'A') expect(receiver.outcome).toBeNull();
        else expect(receiver.outcome).toMatchObject({ kind: 'failed' });
        if (one.expect === 'A') expect(receiver.state.phase).toBe('receiving');
        expect(receiver.files.size).toBe(0);
        for (const { index, offset, bytes } of receiver.writes) {
          const entry = receiver.entries.at(index);
          expect(entry?.kind === 'file' && offset + bytes <= entry.bytes).toBe(true);
        }
        if (id === 'M38') expect(receiver.writes).toEqual([]);
        one.check?.(receiver);
      });
    }
  }

  test('says what it refused by a code that the sender can be told', () => {
    for (const one of Object.values(CASES).flat()) {
      if (one.expect === 'A') continue;
      const receiver = new WireReceiver();
      for (const bytes of one.bytes) receiver.take(bytes);
      const last = [...receiver.frames()].at(-1);
      expect(last?.[4]).toBe(FRAME_TYPES.error);
    }
  });
});
