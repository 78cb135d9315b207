import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../shared/errors.ts';
import {
  ANSWER_TIMEOUT_MS,
  PLAIN_CLOSE_WAIT_MS,
  PLAIN_IDLE_MS,
  PLAIN_NAME_QUIET_MS,
} from '../../../shared/protocol/limits.ts';
import type { PlainReceiverInput, PlainSenderInput } from '../../../shared/protocol/plain.ts';
import {
  createPlainReceiver,
  createPlainSender,
  stepPlainReceiver,
  stepPlainSender,
} from '../../../shared/protocol/plain.ts';
import { planPath } from '../../../shared/protocol/wire-path.ts';
import { anyName } from '../../support/hostile-names.ts';
import { receivePlain, sendPlain } from '../../support/plain-wire.ts';

const QUIET = PLAIN_NAME_QUIET_MS;
const bytes = (text: string) => new TextEncoder().encode(text);
const connected: PlainSenderInput = { kind: 'connected', nowMs: 0 };
const answered = (text: string): PlainSenderInput => ({
  kind: 'bytes',
  bytes: bytes(text),
  nowMs: 1,
});

describe('the sender of the bare exchange', () => {
  const streaming = [connected, answered('ok')];
  const allSent: PlainSenderInput = { kind: 'allSent', nowMs: 2 };
  const failedWith = (code: ErrorCode) => ({
    outcome: { kind: 'failed', failure: { code } },
    wire: 'reset',
  });

  it('writes the bare name, waits for ok, streams and ends', () => {
    const sent = sendPlain('日本.txt', [...streaming, allSent, { kind: 'peerEnded' }]);
    expect(sent).toMatchObject({ written: '日本.txt', outcome: { kind: 'done' }, wire: 'close' });
    expect(sent.effects).toEqual(['write', 'stream', 'finish', 'end']);
  });

  it('streams after ok and nothing else, in whatever pieces it comes', () => {
    const answers = fc.array(fc.constantFrom('o', 'k', 'ok', '', 'x', 'K', 'ok\n'), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(answers, (parts) => {
        const sent = sendPlain('a', [connected, ...parts.map(answered)]);
        const said = parts.join('');
        const soFar = 'ok'.startsWith(said);
        expect(sent.outcome === null).toBe(soFar);
        if (soFar) expect(sent.phase).toBe(said === 'ok' ? 'streaming' : 'waiting');
        else expect(sent).toMatchObject(failedWith('NOT_DROPLINE'));
      }),
    );
  });

  it('takes an orderly end instead of ok for a no, and a reset for a loss', () => {
    const no = { outcome: { kind: 'declined', code: 'DECLINED' }, wire: 'reset' };
    expect(sendPlain('a', [connected, { kind: 'peerEnded' }])).toMatchObject(no);
    expect(sendPlain('a', [connected, { kind: 'closed', code: null }])).toMatchObject(no);
    const half = [connected, answered('o'), { kind: 'peerEnded' } as const];
    expect(sendPlain('a', half)).toMatchObject(failedWith('PEER_GONE'));
    const lost = { kind: 'closed', code: 'PEER_GONE' } as const;
    for (const before of [[], [connected], streaming, [...streaming, allSent]]) {
      expect(sendPlain('a', [...before, lost])).toMatchObject(failedWith('PEER_GONE'));
    }
  });

  it('goes on when the receiver ends only its own direction', () => {
    const early = [...streaming, { kind: 'peerEnded' } as const];
    expect(sendPlain('a', early)).toMatchObject({ outcome: null, phase: 'streaming' });
    const done = sendPlain('a', [...early, allSent, { kind: 'closed', code: null }]);
    expect(done).toMatchObject({ outcome: { kind: 'done' } });
    const gone = sendPlain('a', [...early, { kind: 'closed', code: null }]);
    expect(gone).toMatchObject(failedWith('PEER_GONE'));
  });

  it('resets when it gives up, so that half a file never looks whole', () => {
    for (const before of [[connected], streaming, [...streaming, allSent]]) {
      expect(sendPlain('a', [...before, { kind: 'cancel' }]).wire).toBe('reset');
      const fault = { kind: 'fault', code: 'SOURCE_CHANGED' } as const;
      expect(sendPlain('a', [...before, fault])).toMatchObject(failedWith('SOURCE_CHANGED'));
    }
  });

  it('waits as long as a person may need, then for movement, then for the end', () => {
    const tick = (nowMs: number): PlainSenderInput => ({ kind: 'tick', nowMs });
    const waits = (before: readonly PlainSenderInput[], ms: number) => {
      expect(sendPlain('a', [...before, tick(ms - 1)]).outcome).toBe(null);
      return sendPlain('a', [...before, tick(ms)]);
    };
    expect(waits([connected], ANSWER_TIMEOUT_MS)).toMatchObject(failedWith('PEER_TIMEOUT'));
    expect(waits(streaming, 1 + PLAIN_IDLE_MS)).toMatchObject(failedWith('PEER_TIMEOUT'));
    const moving: PlainSenderInput[] = [...streaming, { kind: 'sent', nowMs: 5000 }];
    expect(waits(moving, 5000 + PLAIN_IDLE_MS)).toMatchObject(failedWith('PEER_TIMEOUT'));
    const done = waits([...streaming, allSent], 2 + PLAIN_CLOSE_WAIT_MS);
    expect(done).toMatchObject({ outcome: { kind: 'done' } });
  });
});

describe('both machines of the bare exchange', () => {
  const nowMs = fc.oneof(fc.nat(2_000_000), fc.constantFrom(NaN, -1, Infinity));
  const some = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.constantFrom(bytes('ok'), bytes('o'), bytes('a.txt'), Uint8Array.of(0x16, 0x03, 0x01)),
  );
  const code = fc.constantFrom<ErrorCode>('PEER_GONE', 'DISK_FULL');
  const closing = [
    fc.record({ kind: fc.constantFrom('peerEnded' as const, 'cancel' as const) }),
    fc.record({ kind: fc.constant('fault' as const), code }),
    fc.record({ kind: fc.constant('closed' as const), code }),
  ];
  const shared = [
    fc.record({ kind: fc.constant('bytes' as const), bytes: some, nowMs }),
    fc.record({ kind: fc.constant('tick' as const), nowMs }),
  ];
  const senderInput: fc.Arbitrary<PlainSenderInput> = fc.oneof(
    ...shared,
    ...closing,
    fc.record({ kind: fc.constant('connected' as const), nowMs }),
    fc.record({ kind: fc.constantFrom('sent' as const, 'allSent' as const), nowMs }),
  );
  const receiverInput: fc.Arbitrary<PlainReceiverInput> = fc.oneof(
    ...shared,
    ...shared,
    ...closing,
    fc.record({ kind: fc.constant('accept' as const), nowMs }),
    fc.record({ kind: fc.constant('decline' as const), code }),
    fc.record({ kind: fc.constant('published' as const) }),
  );

  it('never throw, end once, and keep their order, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(senderInput, { maxLength: 12 }), (inputs) => {
        const kinds = sendPlain('a', inputs).effects;
        const order = ['write', 'stream', 'finish'];
        expect(kinds.filter((kind) => kind !== 'end')).toEqual(
          order.slice(0, kinds.filter((kind) => kind !== 'end').length),
        );
        expect(kinds.indexOf('end') === -1 || kinds.indexOf('end') === kinds.length - 1).toBe(true);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.array(receiverInput, { maxLength: 12 }), (inputs) => {
        let state = createPlainReceiver('win', 0);
        const kinds: string[] = [];
        for (const input of inputs) {
          const step = stepPlainReceiver(state, input);
          state = step.state;
          kinds.push(...step.effects.map((effect) => effect.kind));
        }
        expect(kinds.join(' ')).toMatch(/^(ask( write( content)*( publish)?)?)?( ?end)?$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('carry any content under any legal name from one to the other', () => {
    fc.assert(
      fc.property(anyName, fc.uint8Array({ maxLength: 300 }), (name, content) => {
        const plan = planPath([name], 'linux');
        if (!plan.ok || /[\n\0]$/.test(name)) return;
        const wire = stepPlainSender(createPlainSender(name), connected).effects[0];
        const first = wire?.kind === 'write' ? wire.bytes : new Uint8Array(0);
        const got = receivePlain([
          [0, first],
          [QUIET + 1, content],
          [QUIET + 2, 'fin'],
        ]);
        expect(got.name).toBe(name);
        expect(plan.saved).toEqual([got.saved]);
        expect(Buffer.from(got.content).equals(content)).toBe(true);
      }),
    );
  });
});
