import { realPairing } from '../../electron/engine/transfer/pairing-ports.ts';
import { FrameReader } from '../../shared/protocol/frame.ts';
import type { Ends } from '../../shared/protocol/pairing-code.ts';
import { decodePairing, encodePairing } from '../../shared/protocol/pairing-messages.ts';
import type {
  PairingInput,
  PairingOutcome,
  PairingRole,
  PairingState,
} from '../../shared/protocol/pairing.ts';
import { createPairing, stepPairing } from '../../shared/protocol/pairing.ts';

/** Both sides of a pairing in memory, and a wire between them that a test may tamper with. */

export const bytes = (from: number, count = 32): Uint8Array =>
  Uint8Array.from({ length: count }, (_, n) => (from + n) & 0xff);
export const ends: Ends = {
  initiatorSpki: bytes(1, 91),
  responderSpki: bytes(101, 91),
  exported: bytes(201),
};

export class Side {
  readonly role: PairingRole;
  state: PairingState;
  readonly out: Uint8Array[] = [];
  readonly states: PairingState[] = [];
  code: string | null = null;
  drawn = 0;
  peerMatched = 0;
  outcome: PairingOutcome | null = null;
  readonly #reader: FrameReader;

  constructor(role: PairingRole, options: { nonce?: Uint8Array; ends?: Ends } = {}) {
    const first = createPairing({
      role,
      name: role,
      platform: 'linux',
      ends: options.ends ?? ends,
      nonce: options.nonce ?? bytes(role === 'initiator' ? 7 : 77),
      ports: realPairing,
    });
    this.role = role;
    this.state = first.state;
    this.#reader = new FrameReader({
      onFrame: (type, payload) => {
        const message = decodePairing(type, payload);
        if (message) this.step({ kind: 'message', message });
        else this.step({ kind: 'fault', code: 'PROTOCOL_VIOLATION' });
      },
      onData: () => this.step({ kind: 'fault', code: 'PROTOCOL_VIOLATION' }),
    });
    this.#perform(first.effects);
  }

  get paired(): boolean {
    return this.outcome?.kind === 'paired';
  }

  step(input: PairingInput): void {
    const step = stepPairing(this.state, input);
    this.state = step.state;
    this.#perform(step.effects);
  }

  take(chunk: Uint8Array): void {
    if (this.outcome === null && !this.#reader.push(chunk)) {
      this.step({ kind: 'fault', code: 'PROTOCOL_VIOLATION' });
    }
  }

  #perform(effects: ReturnType<typeof stepPairing>['effects']): void {
    this.states.push(this.state);
    for (const effect of effects) {
      if (effect.kind === 'send') this.out.push(encodePairing(effect.message));
      if (effect.kind === 'show') this.code = effect.code;
      if (effect.kind === 'drawn') this.drawn += 1;
      if (effect.kind === 'peerMatched') this.peerMatched += 1;
      if (effect.kind === 'end') this.outcome = effect.outcome;
    }
  }
}

export type Tamper = (frame: Uint8Array, from: PairingRole) => readonly Uint8Array[];

interface Run {
  readonly left?: Side;
  readonly right?: Side;
  readonly chunk?: () => number;
  readonly tamper?: Tamper;
  /** They say nothing where their codes differ. */
  readonly peopleLook?: boolean;
  readonly answers?: readonly (readonly ['initiator' | 'responder', PairingInput])[];
}

export const MATCH: PairingInput = { kind: 'answer', answer: 'match' };
export const bothMatch = [['initiator', MATCH] as const, ['responder', MATCH] as const];

/** Until nothing moves; answers come one by one when nothing else does, and then the wire goes. */
export function run(options: Run = {}): { initiator: Side; responder: Side } {
  const initiator = options.left ?? new Side('initiator');
  const responder = options.right ?? new Side('responder');
  const answers = [...(options.answers ?? bothMatch)];
  const pipes = [
    { from: responder, to: initiator, bytes: new Uint8Array(0) },
    { from: initiator, to: responder, bytes: new Uint8Array(0) },
  ];
  for (let steps = 0; steps < 10_000; steps++) {
    let moved = false;
    for (const pipe of pipes) {
      for (const frame of pipe.from.out.splice(0)) {
        const passed = options.tamper?.(frame, pipe.from.role) ?? [frame];
        pipe.bytes = Uint8Array.from(Buffer.concat([pipe.bytes, ...passed]));
      }
      const count = Math.min(pipe.bytes.length, options.chunk?.() ?? pipe.bytes.length);
      if (count === 0) continue;
      moved = true;
      pipe.to.take(pipe.bytes.subarray(0, count));
      pipe.bytes = pipe.bytes.slice(count);
    }
    if (moved) continue;
    const answer = answers.shift();
    if (answer === undefined) break;
    if (options.peopleLook === true && initiator.code !== responder.code) continue;
    (answer[0] === 'initiator' ? initiator : responder).step(answer[1]);
  }
  for (const side of [initiator, responder]) side.step({ kind: 'closed', code: 'PEER_GONE' });
  return { initiator, responder };
}
