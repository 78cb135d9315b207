import type { Outcome, Step } from '../../shared/protocol/session.ts';
import type {
  PlainReceiverEffect,
  PlainReceiverInput,
  PlainReceiverState,
  PlainSenderEffect,
  PlainSenderInput,
  PlainSenderState,
} from '../../shared/protocol/plain.ts';
import {
  createPlainReceiver,
  createPlainSender,
  plainReceiverDeadlineMs,
  stepPlainReceiver,
  stepPlainSender,
} from '../../shared/protocol/plain.ts';

/** Plays what a peer does at which time to one machine of the bare exchange; the clock is only counted. */

export type PeerAct = Uint8Array | 'fin' | 'reset' | 'diskFull' | 'cancel';
export type Timed = readonly [atMs: number, act: PeerAct];

export interface Received {
  okAtMs: number | null;
  name: string | null;
  saved: string | null;
  content: Uint8Array;
  publishedBytes: number | null;
  outcome: Outcome | null;
  wire: 'close' | 'reset' | null;
  endedAtMs: number;
}

/** With no ending of its own a script ends where the machine's own time-outs end it. */
export function receivePlain(
  script: readonly Timed[],
  answer: 'accept' | 'never' = 'accept',
): Received {
  let state: PlainReceiverState = createPlainReceiver('linux', 0);
  const got: Received = {
    okAtMs: null,
    name: null,
    saved: null,
    content: new Uint8Array(0),
    publishedBytes: null,
    outcome: null,
    wire: null,
    endedAtMs: -1,
  };
  const content: Uint8Array[] = [];

  function step(input: PlainReceiverInput, nowMs: number): void {
    const next: Step<PlainReceiverState, PlainReceiverEffect> = stepPlainReceiver(state, input);
    state = next.state;
    for (const effect of next.effects) carryOut(effect, nowMs);
  }
  function carryOut(effect: PlainReceiverEffect, nowMs: number): void {
    switch (effect.kind) {
      case 'ask':
        got.name = effect.name;
        got.saved = effect.saved;
        if (answer === 'accept') step({ kind: 'accept', nowMs }, nowMs);
        return;
      case 'write':
        if (Buffer.from(effect.bytes).toString() === 'ok') got.okAtMs = nowMs;
        return;
      case 'content':
        content.push(effect.bytes);
        return;
      case 'publish':
        got.publishedBytes = effect.bytes;
        step({ kind: 'published' }, nowMs);
        return;
      case 'end':
        if (got.outcome !== null) throw new Error('it ended twice');
        got.outcome = effect.outcome;
        got.wire = effect.wire;
        got.endedAtMs = nowMs;
    }
  }

  for (const [atMs, act] of script) {
    passTime(
      () => plainReceiverDeadlineMs(state),
      atMs,
      (nowMs) => step({ kind: 'tick', nowMs }, nowMs),
    );
    if (typeof act !== 'string') step({ kind: 'bytes', bytes: act, nowMs: atMs }, atMs);
    else if (act === 'fin') step({ kind: 'peerEnded' }, atMs);
    else if (act === 'reset') step({ kind: 'closed', code: 'PEER_GONE' }, atMs);
    else if (act === 'diskFull') step({ kind: 'fault', code: 'DISK_FULL' }, atMs);
    else step({ kind: 'cancel' }, atMs);
  }
  passTime(
    () => plainReceiverDeadlineMs(state),
    Infinity,
    (nowMs) => step({ kind: 'tick', nowMs }, nowMs),
  );
  got.content = Buffer.concat(content);
  return got;
}

export interface Sent {
  readonly effects: readonly PlainSenderEffect['kind'][];
  readonly written: string;
  readonly outcome: Outcome | null;
  readonly wire: 'close' | 'reset' | null;
  readonly phase: PlainSenderState['phase'];
}

export function sendPlain(name: string, inputs: readonly PlainSenderInput[]): Sent {
  let state: PlainSenderState = createPlainSender(name);
  const effects: PlainSenderEffect[] = [];
  for (const input of inputs) {
    const next: Step<PlainSenderState, PlainSenderEffect> = stepPlainSender(state, input);
    state = next.state;
    effects.push(...next.effects);
  }
  const last = effects.find((effect) => effect.kind === 'end');
  const written = effects.flatMap((effect) => (effect.kind === 'write' ? [effect.bytes] : []));
  return {
    effects: effects.map((effect) => effect.kind),
    written: Buffer.concat(written).toString(),
    outcome: last?.outcome ?? null,
    wire: last?.wire ?? null,
    phase: state.phase,
  };
}

function passTime(
  deadlineMs: () => number | null,
  untilMs: number,
  tick: (nowMs: number) => void,
): void {
  for (let at = deadlineMs(); at !== null && at < untilMs; at = deadlineMs()) tick(at);
}
