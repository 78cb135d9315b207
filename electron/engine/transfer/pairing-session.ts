import type { ErrorCode } from '../../../shared/errors.ts';
import type { PairingAnswer } from '../../../shared/model/pairing.ts';
import type { Platform } from '../../../shared/model/peer.ts';
import { ANSWER_TIMEOUT_MS, FIRST_FRAME_TIMEOUT_MS } from '../../../shared/protocol/limits.ts';
import { EXPORTER_LABEL, meetingKeyOf } from '../../../shared/protocol/pairing-code.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import type {
  PairingEffect,
  PairingInput,
  PairingOutcome,
  PairingRole,
  PairingState,
} from '../../../shared/protocol/pairing.ts';
import { createPairing, stepPairing } from '../../../shared/protocol/pairing.ts';
import type { Connection } from './connection.ts';
import { certificateSpki } from './authentication.ts';
import type { PairingSystem } from './pairing-ports.ts';
import type { Clock } from './ports.ts';
import type { Self } from './worker-messages.ts';

interface Greeted {
  readonly name: string;
  readonly platform: Platform;
}

export interface PairingHandlers {
  onDrawn(): void;
  /** `meetingKey` is for those alone who are paired in the end. */
  onCode(code: string, peer: Greeted, meetingKey: string): void;
  onPeerMatched(): void;
  /** Called once. */
  onEnd(outcome: PairingOutcome): void;
}

export interface PairingSessionOptions {
  readonly connection: Connection<PairingMessage>;
  readonly role: PairingRole;
  readonly self: Self;
  readonly clock: Clock;
  readonly system: PairingSystem;
  readonly handlers: PairingHandlers;
}

/** Drives the steps of a pairing over one connection. Throws PEER_GONE where it is gone already. */
export class PairingSession {
  readonly #connection: Connection<PairingMessage>;
  readonly #clock: Clock;
  readonly #handlers: PairingHandlers;
  /** 64 hex digits. */
  readonly #meetingKey: string;
  /** For the code, which needs nobody; then for the people. */
  #stopPatience: () => void;
  #state: PairingState;

  constructor(options: PairingSessionOptions) {
    const { connection, role, self, clock, system, handlers } = options;
    const ours = certificateSpki(self.identity);
    const theirs = connection.peerSpki();
    const weDialled = role === 'initiator';
    const ends = {
      initiatorSpki: weDialled ? ours : theirs,
      responderSpki: weDialled ? theirs : ours,
      exported: connection.exported(EXPORTER_LABEL),
    };
    this.#meetingKey = Buffer.from(meetingKeyOf(ends, system)).toString('hex');
    const first = createPairing({
      role,
      name: self.name,
      platform: self.platform,
      ends,
      nonce: system.nonce(),
      ports: system,
    });
    this.#connection = connection;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#state = first.state;
    this.#stopPatience = this.#giveUpAfter(FIRST_FRAME_TIMEOUT_MS);
    connection.open({
      onMessage: (message) => {
        this.#step({ kind: 'message', message });
      },
      onData: () => {
        this.fail('PROTOCOL_VIOLATION');
      },
      onClosed: (code) => {
        this.#step({ kind: 'closed', code });
      },
    });
    for (const effect of first.effects) this.#perform(effect);
  }

  answer(answer: PairingAnswer): void {
    this.#step({ kind: 'answer', answer });
  }

  /** Ends it; the other side is told why. */
  fail(code: ErrorCode): void {
    this.#step({ kind: 'fault', code });
  }

  #giveUpAfter(ms: number): () => void {
    return this.#clock.after(ms, () => {
      this.fail('PEER_TIMEOUT');
    });
  }

  #step(input: PairingInput): void {
    const step = stepPairing(this.#state, input);
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: PairingEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#connection.send(effect.message);
        break;
      case 'drawn':
        this.#handlers.onDrawn();
        break;
      case 'show':
        this.#stopPatience();
        this.#stopPatience = this.#giveUpAfter(ANSWER_TIMEOUT_MS);
        this.#handlers.onCode(effect.code, effect.peer, this.#meetingKey);
        break;
      case 'peerMatched':
        this.#handlers.onPeerMatched();
        break;
      case 'end':
        this.#stopPatience();
        this.#connection.close();
        this.#handlers.onEnd(effect.outcome);
        break;
    }
  }
}
