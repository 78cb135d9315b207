import { randomBytes } from 'node:crypto';
import type { Identity } from '../../electron/engine/transfer/authentication.ts';
import type { Connection } from '../../electron/engine/transfer/connection.ts';
import { certificateSpki } from '../../electron/engine/transfer/authentication.ts';
import { Dial } from '../../electron/engine/transfer/dial.ts';
import { PAIRING } from '../../electron/engine/transfer/dialects.ts';
import { Door } from '../../electron/engine/transfer/door.ts';
import type { Listening } from '../../electron/engine/transfer/listener.ts';
import { listenTls } from '../../electron/engine/transfer/listener.ts';
import { PairingHost } from '../../electron/engine/transfer/pairing-host.ts';
import type { PairingEvent } from '../../electron/engine/transfer/pairing-messages.ts';
import type { PairingSystem } from '../../electron/engine/transfer/pairing-ports.ts';
import { newPairingId, realPairing } from '../../electron/engine/transfer/pairing-ports.ts';
import { realClock } from '../../electron/engine/transfer/ports.ts';
import type { PairingId } from '../../shared/model/pairing.ts';
import { NONCE_BYTES } from '../../shared/protocol/limits.ts';
import type { Ends } from '../../shared/protocol/pairing-code.ts';
import { EXPORTER_LABEL, codeOf, commitTo } from '../../shared/protocol/pairing-code.ts';
import type { PairingMessage } from '../../shared/protocol/pairing-messages.ts';
import { createIdentity } from './transfer-pair.ts';

/** Two honest devices, and somebody who sits between them with a key of its own on each leg: real TLS. */

type Wire = Connection<PairingMessage>;

export interface Codes {
  readonly initiator: string;
  readonly responder: string;
}

export interface AttackOptions {
  readonly codeDigits: number;
  /** false: what was committed to is never looked at. */
  readonly commitment?: boolean;
}

/** A device that compares codes, and tells each as it is shown. */
class Device {
  readonly identity: Identity;
  readonly host: PairingHost;
  readonly #codes = new Queue<string>();
  #shown: PairingId | null = null;

  constructor(identity: Identity, system: PairingSystem) {
    this.identity = identity;
    this.host = new PairingHost({
      clock: realClock,
      self: () => ({ identity, name: 'honest', platform: 'linux' }),
      emit: (event) => this.#on(event),
      system,
    });
  }

  code(): Promise<string> {
    return this.#codes.next();
  }

  dial(port: number): void {
    const where = { places: [{ address: '127.0.0.1', port }], expectedPeerId: null };
    this.host.order({ kind: 'dial', pairingId: newPairingId(), ...where });
  }

  notNow(): void {
    if (this.#shown) this.host.order({ kind: 'answer', pairingId: this.#shown, answer: 'later' });
  }

  #on(event: PairingEvent): void {
    if (event.kind === 'asked') this.host.order({ kind: 'admit', pairingId: event.pairingId });
    if (event.kind === 'code') {
      this.#shown = event.pairingId;
      this.#codes.put(event.code);
    }
    if (event.kind === 'ended' && event.pairingId !== this.#shown) {
      this.#codes.put(`ended without a code: ${JSON.stringify(event.outcome)}`);
    }
  }
}

/** Things that come in their order, and whoever waits for the next. */
class Queue<T> {
  readonly #things: T[] = [];
  readonly #waiting: ((thing: T) => void)[] = [];

  put(thing: T): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(thing);
    else this.#things.push(thing);
  }

  next(): Promise<T> {
    const thing = this.#things.shift();
    if (thing !== undefined) return Promise.resolve(thing);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** One leg of the attacker: says what it likes, and reads what comes. */
class Leg {
  readonly connection: Wire;
  readonly #heard = new Queue<PairingMessage>();

  constructor(connection: Wire) {
    this.connection = connection;
    connection.open({
      onMessage: (message) => {
        // a heartbeat says nothing
        if (message.type !== 'ping') this.#heard.put(message);
      },
      onData: () => undefined,
      onClosed: (code) => this.#heard.put({ type: 'error', code }),
    });
  }

  send(type: 'commit' | 'nonce' | 'reveal', bytes: Uint8Array): void {
    this.connection.send({ type, bytes });
  }

  greet(): void {
    this.connection.send({ type: 'greeting', name: 'mallory', platform: 'other' });
  }

  async next(type: PairingMessage['type']): Promise<Uint8Array> {
    const message = await this.#heard.next();
    if (message.type !== type) throw new Error(`wanted ${type}, got ${JSON.stringify(message)}`);
    return 'bytes' in message ? message.bytes : new Uint8Array(0);
  }
}

export class PairingAttack {
  readonly #system: PairingSystem;
  readonly #initiator: Device;
  readonly #responder: Device;
  readonly #mallory: Identity;
  readonly #legs = new Queue<Leg>();
  readonly #ports: Listening[] = [];

  private constructor(system: PairingSystem, identities: readonly Identity[]) {
    const [a, b, m] = identities;
    if (!a || !b || !m) throw new Error('needs three keys');
    this.#system = system;
    this.#initiator = new Device(a, system);
    this.#responder = new Device(b, system);
    this.#mallory = m;
  }

  static async open({ codeDigits, commitment = true }: AttackOptions): Promise<PairingAttack> {
    const equal: PairingSystem['equal'] = (a, b) => !commitment || realPairing.equal(a, b);
    const identities = await Promise.all([createIdentity(), createIdentity(), createIdentity()]);
    const attack = new PairingAttack({ ...realPairing, codeDigits, equal }, identities);
    const { host, identity } = attack.#responder;
    await attack.#listen(identity, (connection) => host.take(connection));
    await attack.#listen(attack.#mallory, (connection) => attack.#legs.put(new Leg(connection)));
    return attack;
  }

  /** Nobody is in between. */
  async honest(): Promise<Codes> {
    this.#initiator.dial(this.#ports[0]?.port ?? 0);
    const [initiator, responder] = await this.#codes();
    return this.#over({ initiator, responder });
  }

  /** What both people see. The attacker cannot do better than hope, or it grinds its own nonce. */
  async attempt(how: 'hope' | 'grind'): Promise<Codes> {
    this.#initiator.dial(this.#ports[1]?.port ?? 0);
    const left = await this.#legs.next();
    left.greet();
    await left.next('greeting');
    await left.next('commit');
    const right = new Leg(await this.#dialResponder());
    await right.next('greeting');
    right.greet();
    const ours = randomBytes(NONCE_BYTES);
    const rightEnds = this.#ends(right, this.#mallory, this.#responder.identity);
    right.send('commit', commitTo(rightEnds, ours, this.#system));
    const theirNonce = await right.next('nonce');
    // the right code is settled now, for whoever is held to the commit: on the left it is a draw
    const leftNonce = randomBytes(NONCE_BYTES);
    left.send('nonce', leftNonce);
    const opened = await left.next('reveal');
    const leftEnds = this.#ends(left, this.#initiator.identity, this.#mallory);
    const wanted = codeOf(leftEnds, opened, leftNonce, this.#system);
    right.send('reveal', how === 'hope' ? ours : this.#grind(rightEnds, theirNonce, wanted));
    const [initiator, responder] = await this.#codes();
    return this.#over({ initiator, responder }, left, right);
  }

  async close(): Promise<void> {
    await Promise.all(this.#ports.map((port) => port.stop()));
    await Promise.all([this.#initiator.host.stop(), this.#responder.host.stop()]);
  }

  #grind(ends: Ends, theirNonce: Uint8Array, wanted: string): Uint8Array {
    for (let tries = 0; tries < 30 * 10 ** this.#system.codeDigits; tries++) {
      const nonce = randomBytes(NONCE_BYTES);
      if (codeOf(ends, nonce, theirNonce, this.#system) === wanted) return nonce;
    }
    throw new Error('no nonce fits');
  }

  #codes(): Promise<[string, string]> {
    return Promise.all([this.#initiator.code(), this.#responder.code()]);
  }

  /** Both people look away, so that the next pairing finds nobody busy. */
  async #over(codes: Codes, ...legs: readonly Leg[]): Promise<Codes> {
    this.#initiator.notNow();
    this.#responder.notNow();
    for (const { connection } of legs) connection.close();
    await Promise.all(legs.map(({ connection }) => connection.gone));
    return codes;
  }

  #ends({ connection }: Leg, initiator: Identity, responder: Identity): Ends {
    return {
      initiatorSpki: certificateSpki(initiator),
      responderSpki: certificateSpki(responder),
      exported: connection.exported(EXPORTER_LABEL),
    };
  }

  async #dialResponder(): Promise<Wire> {
    const dial = new Dial({
      dialect: PAIRING,
      identity: this.#mallory,
      clock: realClock,
      places: [{ address: '127.0.0.1', port: this.#ports[0]?.port ?? 0 }],
      expectedPeerId: null,
      signal: new AbortController().signal,
    });
    return (await dial.answered).connection;
  }

  async #listen(identity: Identity, onPairing: (connection: Wire) => void): Promise<void> {
    const listen = { mode: 'tls', host: '127.0.0.1', port: 0, otherPortIfTaken: false } as const;
    const onTransfer = (connection: Connection): void => connection.destroy();
    const system = { clock: realClock, door: new Door() };
    this.#ports.push(await listenTls(listen, identity, system, { onTransfer, onPairing }));
  }
}
