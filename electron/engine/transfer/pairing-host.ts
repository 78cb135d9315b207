import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError, toFailure } from '../../../shared/errors.ts';
import type { PairingId } from '../../../shared/model/pairing.ts';
import { MAX_PAIRINGS_WAITING } from '../../../shared/protocol/limits.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import type { PairingRole } from '../../../shared/protocol/pairing.ts';
import type { Connection } from './connection.ts';
import { Dial } from './dial.ts';
import { PAIRING } from './dialects.ts';
import type { PairingEvent, PairingOrder } from './pairing-messages.ts';
import type { PairingSystem } from './pairing-ports.ts';
import { newPairingId, realPairing } from './pairing-ports.ts';
import { PairingSession } from './pairing-session.ts';
import type { Clock } from './ports.ts';
import type { Self } from './worker-messages.ts';

type Wire = Connection<PairingMessage>;
type DialOrder = Extract<PairingOrder, { kind: 'dial' }>;

export interface PairingHostOptions {
  readonly clock: Clock;
  readonly self: () => Self;
  readonly emit: (event: PairingEvent) => void;
  readonly system?: PairingSystem;
}

/** The wires of one thread that carry pairings. What may happen on them the main thread decides. */
export class PairingHost {
  readonly #options: PairingHostOptions;
  readonly #waiting = new Map<PairingId, Wire>();
  readonly #dialling = new Map<PairingId, AbortController>();
  readonly #sessions = new Map<PairingId, PairingSession>();
  readonly #open = new Set<Promise<void>>();

  constructor(options: PairingHostOptions) {
    this.#options = options;
  }

  /** Somebody dialled. At the limit a newcomer is told to come later: each has shown a key of its own. */
  take(connection: Wire): void {
    this.#keep(connection);
    if (this.#waiting.size >= MAX_PAIRINGS_WAITING) {
      turnAway(connection, 'PEER_BUSY');
      return;
    }
    const pairingId = newPairingId();
    this.#waiting.set(pairingId, connection);
    const { peerId, address } = connection;
    this.#options.emit({ kind: 'asked', pairingId, peerId, address });
  }

  order(order: PairingOrder): void {
    const { pairingId } = order;
    switch (order.kind) {
      case 'dial':
        void this.#dial(order);
        break;
      case 'admit':
      case 'refuse': {
        const connection = this.#waiting.get(pairingId);
        this.#waiting.delete(pairingId);
        if (!connection) break;
        if (order.kind === 'admit') this.#begin(pairingId, connection, 'responder');
        else turnAway(connection, order.code);
        break;
      }
      case 'answer':
        if (order.answer === 'later') this.#dialling.get(pairingId)?.abort(CANCELLED);
        this.#sessions.get(pairingId)?.answer(order.answer);
        break;
    }
  }

  /** Resolves when the other sides have heard it, or their sockets are gone. */
  async stop(): Promise<void> {
    for (const abort of this.#dialling.values()) abort.abort(CANCELLED);
    for (const connection of this.#waiting.values()) turnAway(connection, 'INTERRUPTED');
    this.#waiting.clear();
    for (const session of [...this.#sessions.values()]) session.fail('INTERRUPTED');
    await Promise.all(this.#open);
  }

  async #dial({ pairingId, places, expectedPeerId }: DialOrder): Promise<void> {
    const { clock, self } = this.#options;
    const abort = new AbortController();
    this.#dialling.set(pairingId, abort);
    try {
      const { signal } = abort;
      const { identity } = self();
      const where = { places, expectedPeerId };
      const dial = new Dial({ dialect: PAIRING, identity, clock, ...where, signal });
      const { connection } = await dial.answered;
      this.#keep(connection);
      this.#begin(pairingId, connection, 'initiator');
    } catch (error) {
      const why = toFailure(error);
      // whoever does not know the ALPN name knows no pairing
      const code = why.code === 'VERSION_UNSUPPORTED' ? 'PAIRING_UNAVAILABLE' : why.code;
      const failed = { kind: 'failed', failure: { ...why, code } } as const;
      const outcome = abort.signal.aborted ? ({ kind: 'later', by: 'us' } as const) : failed;
      this.#options.emit({ kind: 'ended', pairingId, outcome });
    } finally {
      this.#dialling.delete(pairingId);
    }
  }

  #begin(pairingId: PairingId, connection: Wire, role: PairingRole): void {
    const { clock, self, emit, system = realPairing } = this.#options;
    const { peerId, address } = connection;
    try {
      const session = new PairingSession({
        connection,
        role,
        self: self(),
        clock,
        system,
        handlers: {
          onDrawn: () => {
            emit({ kind: 'drawn', pairingId, address });
          },
          onCode: (code, { name, platform }, meetingKey) => {
            const peer = { peerId, address, name, platform };
            emit({ kind: 'code', pairingId, ...peer, code, meetingKey });
          },
          onPeerMatched: () => {
            emit({ kind: 'peerMatched', pairingId });
          },
          onEnd: (outcome) => {
            this.#sessions.delete(pairingId);
            emit({ kind: 'ended', pairingId, outcome });
          },
        },
      });
      this.#sessions.set(pairingId, session);
    } catch (error) {
      connection.destroy();
      emit({ kind: 'ended', pairingId, outcome: { kind: 'failed', failure: toFailure(error) } });
    }
  }

  #keep(connection: Wire): void {
    const gone = connection.gone.then(() => {
      this.#open.delete(gone);
    });
    this.#open.add(gone);
  }
}

const CANCELLED = new DroplineError('CANCELLED');

/** The side that was dialled may speak first, so it may say no as well. */
function turnAway(connection: Wire, code: ErrorCode): void {
  connection.send({ type: 'error', code });
  connection.close();
}
