import { connect, createSecureContext } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { PeerId, Place } from '../../../shared/model/peer.ts';
import { HANDSHAKE_TIMEOUT_MS } from '../../../shared/protocol/limits.ts';
import type { Identity } from './authentication.ts';
import { authenticate, tlsOptions } from './authentication.ts';
import { Connection } from './connection.ts';
import type { Dialect } from './dialects.ts';
import { Feed } from './feed.ts';
import type { Clock } from './ports.ts';
import { wireError } from './system-errors.ts';
import { wayOut } from './way-out.ts';

/** A second place is tried while the first has not answered for this long. */
const STAGGER_MS = 250;

export interface DialOptions<M> {
  readonly dialect: Dialect<M>;
  readonly identity: Identity;
  readonly clock: Clock;
  /** Candidates, best first. */
  readonly places: readonly Place[];
  /** Whom it must be; null: whoever answers. */
  readonly expectedPeerId: PeerId | null;
  readonly signal: AbortSignal;
  /** The address of this side to dial from; any where it is not given. */
  readonly from?: string;
  /** Much will come by it (see Feed). */
  readonly isBulk?: boolean;
}

/** The more a failure says about who is there, the more it is worth telling. */
const TELLING: readonly ErrorCode[] = [
  'IDENTITY_MISMATCH',
  'PEER_IS_SELF',
  'VERSION_UNSUPPORTED',
  'NOT_DROPLINE',
];

/** Reading a key takes longer than a handshake on a quick network: once for each. */
const contexts = new WeakMap<Identity, SecureContext>();

function contextOf(identity: Identity): SecureContext {
  const known = contexts.get(identity);
  if (known) return known;
  const context = createSecureContext(tlsOptions(identity));
  contexts.set(identity, context);
  return context;
}

interface Answered<M> {
  readonly connection: Connection<M>;
  /** Where it answered. */
  readonly place: Place;
}

/** Connects to whichever place answers first as the expected peer; the others are dropped. */
export class Dial<M> {
  /**
   * Rejects with PEER_UNREACHABLE, PEER_NOT_FOUND (no such name), IDENTITY_MISMATCH, PEER_IS_SELF,
   * NOT_DROPLINE, VERSION_UNSUPPORTED, ADDRESS_UNAVAILABLE (the chosen interface is away), or what the signal was aborted with.
   */
  readonly answered: Promise<Answered<M>>;
  readonly #options: DialOptions<M>;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #errors: unknown[] = [];
  #trying = 0;
  #resolve: (answered: Answered<M>) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(options: DialOptions<M>) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#over.signal]);
    this.answered = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.add(options.places);
  }

  /** Tries these too, those under way once more: what was on its way to them may be lost. */
  add(places: readonly Place[]): void {
    this.#trying += places.length;
    places.forEach((place, order) => void this.#try(place, order));
    this.#endIfAllFailed();
  }

  /** Never rejects. */
  async #try(place: Place, order: number): Promise<void> {
    try {
      const connection = await attempt(this.#options, place, order, this.#signal);
      if (this.#over.signal.aborted) {
        connection.destroy();
        return;
      }
      this.#resolve({ connection, place });
      this.#over.abort(new DroplineError('CANCELLED'));
    } catch (error) {
      this.#errors.push(error);
    }
    this.#trying--;
    this.#endIfAllFailed();
  }

  #endIfAllFailed(): void {
    if (this.#trying > 0 || this.#over.signal.aborted) return;
    const { signal } = this.#options;
    this.#reject(signal.aborted ? signal.reason : mostTelling(this.#errors));
    this.#over.abort(new DroplineError('CANCELLED'));
  }
}

function mostTelling(errors: readonly unknown[]): DroplineError {
  const ours = errors.map((e) => wireError(e));
  const telling = TELLING.map((code) => ours.find((e) => e.code === code)).find(Boolean);
  return telling ?? ours[0] ?? new DroplineError('PEER_UNREACHABLE');
}

async function attempt<M>(
  options: DialOptions<M>,
  place: Place,
  order: number,
  signal: AbortSignal,
): Promise<Connection<M>> {
  const { clock, identity, dialect, expectedPeerId } = options;
  if (order > 0) await pause(clock, order * STAGGER_MS, signal);
  const feed = options.isBulk === true ? new Feed() : undefined;
  const socket = await handshake(options, place, signal, feed);
  try {
    const peerId = authenticate(socket, identity.peerId, dialect.alpn);
    if (expectedPeerId !== null && peerId !== expectedPeerId) {
      throw new DroplineError('IDENTITY_MISMATCH', { expected: expectedPeerId, found: peerId });
    }
    return new Connection(socket, peerId, clock, dialect, feed && { feed });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = clock.after(ms, resolve);
    signal.addEventListener('abort', () => {
      stop();
      reject(new DroplineError('CANCELLED'));
    });
  });
}

function handshake<M>(
  options: DialOptions<M>,
  { address: host, port }: Place,
  signal: AbortSignal,
  feed: Feed | undefined,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const { identity, dialect, from } = options;
    // what belongs to a session goes the way of that
    const way = from === undefined ? wayOut(host) : { localAddress: from };
    const local = { ...way, ...(feed && { onread: feed.onread }) };
    const secure = { ...tlsOptions(identity, dialect.alpn), secureContext: contextOf(identity) };
    const socket = connect({ ...secure, host, port, ...local });
    let connected = false;
    const stopTimer = options.clock.after(HANDSHAKE_TIMEOUT_MS, () => {
      fail(new DroplineError(connected ? 'NOT_DROPLINE' : 'PEER_UNREACHABLE', { host }));
    });
    const settle = (): void => {
      stopTimer();
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
    };
    const fail = (error: unknown): void => {
      settle();
      socket.on('error', () => undefined); // the first error is told; a second has no reader
      socket.destroy();
      reject(translated(error, connected, { host, port }));
    };
    const onAbort = (): void => {
      fail(new DroplineError('CANCELLED'));
    };
    signal.addEventListener('abort', onAbort);
    socket.once('connect', () => {
      connected = true;
    });
    socket.once('error', fail);
    socket.once('close', () => {
      fail(new DroplineError(connected ? 'NOT_DROPLINE' : 'PEER_UNREACHABLE', { host }));
    });
    socket.once('secureConnect', () => {
      settle();
      resolve(socket);
    });
  });
}

/** A wire that is cut before the handshake is done says: whoever is there does not speak our protocol. */
function translated(
  error: unknown,
  connected: boolean,
  where: { readonly host: string; readonly port: number },
): DroplineError {
  const ours = wireError(error);
  const cut = connected ? 'NOT_DROPLINE' : 'PEER_UNREACHABLE';
  const code = ours.code === 'PEER_GONE' ? cut : ours.code;
  return new DroplineError(code, { ...where, name: where.host, ...ours.details }, { cause: error });
}
