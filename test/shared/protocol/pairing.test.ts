import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { realPairing } from '../../../electron/engine/transfer/pairing-ports.ts';
import { spacedCode } from '../../../shared/model/pairing.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import { CODE_DIGITS } from '../../../shared/protocol/limits.ts';
import type { Ends } from '../../../shared/protocol/pairing-code.ts';
import { codeOf, commitTo } from '../../../shared/protocol/pairing-code.ts';
import { PAIRING_FRAME_TYPES } from '../../../shared/protocol/pairing-messages.ts';
import type { PairingInput } from '../../../shared/protocol/pairing.ts';
import type { Tamper } from '../../support/pairing-sides.ts';
import { MATCH, Side, bothMatch, bytes, ends, run } from '../../support/pairing-sides.ts';

/** Both sides of a pairing in memory, and everything that may come in between. */

describe('two honest sides', () => {
  test.each([
    ['one after the other', bothMatch],
    ['the other way round', [...bothMatch].reverse()],
  ])('are paired when both people say yes, %s', (_order, answers) => {
    const { initiator, responder } = run({ answers });
    expect(initiator.code).toMatch(/^\d{6}$/);
    expect(responder.code).toBe(initiator.code);
    expect([initiator.outcome, responder.outcome]).toEqual([
      { kind: 'paired' },
      { kind: 'paired' },
    ]);
    expect([initiator.drawn, responder.drawn]).toEqual([1, 1]);
  });

  test('are paired when both people say yes in the same moment', () => {
    const initiator = new Side('initiator');
    const responder = new Side('responder');
    const say = (side: Side): Side => {
      if (side.state.phase === 'comparing' && !side.state.weMatch) side.step(MATCH);
      return side;
    };
    const tamper: Tamper = (frame) => {
      if (frame[4] === PAIRING_FRAME_TYPES.match) [initiator, responder].forEach(say);
      return [frame];
    };
    run({ left: initiator, right: responder, answers: [bothMatch[0]!], tamper });
    expect([initiator.paired, responder.paired]).toEqual([true, true]);
  });

  test('are paired however the wire splits their frames', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 1, max: 60 })), (sizes) => {
        const { initiator, responder } = run({ chunk: () => Number(sizes.next().value) });
        expect([initiator.paired, responder.paired]).toEqual([true, true]);
        expect(initiator.code).toBe(responder.code);
      }),
      { numRuns: 100 },
    );
  });

  test.each(['initiator', 'responder'] as const)('are not paired without the %s', (silent) => {
    const answers = bothMatch.filter(([role]) => role !== silent);
    const { initiator, responder } = run({ answers });
    expect([initiator.paired, responder.paired]).toEqual([false, false]);
    const [spoke, heard] = silent === 'initiator' ? [responder, initiator] : [initiator, responder];
    expect([spoke.peerMatched, heard.peerMatched]).toEqual([0, 1]);
  });

  test.each(['initiator', 'responder'] as const)('both end where the %s says no', (role) => {
    const no: PairingInput = { kind: 'answer', answer: 'mismatch' };
    for (const answers of [[[role, no] as const], [[role, MATCH] as const, [role, no] as const]]) {
      const { initiator, responder } = run({ answers });
      const [us, them] = role === 'initiator' ? [initiator, responder] : [responder, initiator];
      expect(us.outcome).toEqual({ kind: 'mismatch', by: 'us' });
      expect(them.outcome).toEqual({ kind: 'mismatch', by: 'peer' });
    }
  });

  test('both end where one does not want to compare now', () => {
    const { initiator, responder } = run({
      answers: [['responder', { kind: 'answer', answer: 'later' }]],
    });
    expect(responder.outcome).toEqual({ kind: 'later', by: 'us' });
    expect(initiator.outcome).toEqual({ kind: 'later', by: 'peer' });
  });

  test('never store alone, but for the very last frame', () => {
    for (const lost of ['initiator', 'responder'] as const) {
      const tamper: Tamper = (frame, from) =>
        from === lost && frame[4] === PAIRING_FRAME_TYPES.paired ? [] : [frame];
      const { initiator, responder } = run({ tamper });
      const [told, untold] = lost === 'initiator' ? [initiator, responder] : [responder, initiator];
      expect([told.paired, untold.paired]).toEqual([true, false]);
    }
    const { initiator, responder } = run({
      tamper: (frame) => (frame[4] === PAIRING_FRAME_TYPES.paired ? [] : [frame]),
    });
    expect([initiator.paired, responder.paired]).toEqual([false, false]);
  });

  test('say nothing before they are greeted, where they dialled', () => {
    for (const input of [
      { kind: 'answer', answer: 'later' },
      { kind: 'fault', code: 'PEER_TIMEOUT' },
      { kind: 'message', message: { type: 'match' } },
    ] satisfies PairingInput[]) {
      const side = new Side('initiator');
      side.step(input);
      expect(side.out).toEqual([]);
      expect(side.outcome).not.toBeNull();
    }
  });
});

describe('the code', () => {
  test('follows from each key, each nonce and the connection', () => {
    const [nI, nR] = [bytes(7), bytes(77)];
    const variants: readonly [Ends, Uint8Array, Uint8Array][] = [
      [ends, nI, nR],
      [{ ...ends, initiatorSpki: bytes(2, 91) }, nI, nR],
      [{ ...ends, responderSpki: bytes(2, 91) }, nI, nR],
      [{ ...ends, exported: bytes(2) }, nI, nR],
      [{ ...ends, initiatorSpki: ends.responderSpki, responderSpki: ends.initiatorSpki }, nI, nR],
      [ends, bytes(8), nR],
      [ends, nI, bytes(8)],
      [ends, nR, nI],
    ];
    const codes = variants.map(([e, i, r]) => codeOf(e, i, r, { ...realPairing, codeDigits: 15 }));
    expect(new Set(codes).size).toBe(variants.length);
    const commits = [ends, variants[1]![0], variants[2]![0]].map((e) =>
      toHex(commitTo(e, nI, realPairing)),
    );
    expect(new Set([...commits, toHex(commitTo(ends, nR, realPairing))]).size).toBe(4);
  });

  test('has all its digits, and is shown in two groups', () => {
    expect(realPairing.codeDigits).toBe(CODE_DIGITS);
    let smallest = '999999';
    for (let n = 0; n < 300; n++) {
      const code = codeOf(
        ends,
        Uint8Array.from({ length: 32 }, () => n & 0xff),
        bytes(n),
        realPairing,
      );
      expect(code).toMatch(/^\d{6}$/);
      if (code < smallest) smallest = code;
    }
    expect(smallest < '100000').toBe(true);
    expect(spacedCode('017293')).toBe('017 293');
  });
});

describe('somebody in between', () => {
  const changed = (type: number, change: (payload: Buffer) => void): Tamper => {
    return (frame) => {
      if (frame[4] !== type) return [frame];
      const copy = Buffer.from(frame);
      change(copy.subarray(5));
      return [copy];
    };
  };

  test.each(['commit', 'reveal'] as const)('who changes the %s is found out at once', (name) => {
    const tamper = changed(PAIRING_FRAME_TYPES[name], (payload) => {
      payload[9] = (payload[9] ?? 0) ^ 1;
    });
    const { responder, initiator } = run({ tamper });
    expect(responder.outcome).toMatchObject({ failure: { code: 'PROTOCOL_VIOLATION' } });
    expect(initiator.outcome).toMatchObject({ failure: { code: 'PROTOCOL_VIOLATION' } });
    expect(responder.code).toBeNull();
  });

  test('who changes the nonce makes two codes', () => {
    const tamper = changed(PAIRING_FRAME_TYPES.nonce, (payload) => {
      payload.reverse();
    });
    const { responder, initiator } = run({ tamper });
    expect(initiator.code).not.toBe(responder.code);
  });

  test('has two codes by its keys alone', () => {
    const other = { ...ends, exported: bytes(3) };
    const { responder, initiator } = run({ right: new Side('responder', { ends: other }) });
    // the same messages on two connections
    expect(initiator.code).not.toBe(responder.code);
  });

  test('a nonce that comes back is refused, on both sides', () => {
    const nonce = bytes(7);
    const left = run({
      left: new Side('initiator', { nonce }),
      right: new Side('responder', { nonce }),
    });
    expect(left.initiator.outcome).toMatchObject({ failure: { code: 'PROTOCOL_VIOLATION' } });
    expect(left.initiator.code).toBeNull();
    const right = new Side('responder', { nonce });
    const greeting = { type: 'greeting', name: 'x', platform: 'other' } as const;
    const commit = commitTo(ends, nonce, realPairing);
    for (const message of [
      greeting,
      { type: 'commit', bytes: commit } as const,
      { type: 'reveal', bytes: nonce } as const,
    ]) {
      right.step({ kind: 'message', message });
    }
    expect(right.outcome).toMatchObject({ failure: { code: 'PROTOCOL_VIOLATION' } });
    expect(right.code).toBeNull();
  });

  test('who mirrors everything is nobody', () => {
    for (const role of ['initiator', 'responder'] as const) {
      const side = new Side(role);
      for (let n = 0; n < 20 && side.outcome === null; n++) {
        for (const frame of side.out.splice(0)) side.take(frame);
      }
      expect(side.code).toBeNull();
    }
  });

  test('gets nothing by leaving out, doubling, swapping or repeating frames', () => {
    const old = recorded();
    const act = fc.constantFrom('pass', 'pass', 'pass', 'drop', 'double', 'old', 'truncate');
    fc.assert(
      fc.property(fc.array(act, { minLength: 12, maxLength: 12 }), fc.nat(), (acts, seed) => {
        let n = 0;
        const tamper: Tamper = (frame) => {
          const what = acts[n++] ?? 'pass';
          if (what === 'drop') return [];
          if (what === 'double') return [frame, frame];
          if (what === 'old') return [old[(seed + n) % old.length]!];
          if (what === 'truncate') return [frame.subarray(0, seed % frame.length)];
          return [frame];
        };
        const { initiator, responder } = run({
          tamper,
          peopleLook: true,
          left: new Side('initiator', { nonce: bytes(150) }),
          right: new Side('responder', { nonce: bytes(170) }),
        });
        // what was put in between may stop them, or make two codes that people see to differ
        if (initiator.paired || responder.paired) expect(initiator.code).toBe(responder.code);
      }),
      { numRuns: 300 },
    );
  });

  /** The frames of a pairing with other nonces, on another connection. */
  function recorded(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    run({
      left: new Side('initiator', { ends: { ...ends, exported: bytes(9) } }),
      right: new Side('responder', { ends: { ...ends, exported: bytes(9) } }),
      tamper: (frame) => {
        frames.push(frame);
        return [frame];
      },
    });
    return frames;
  }
});
