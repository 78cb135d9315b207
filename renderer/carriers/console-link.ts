import type { Answer, ConsoleEvent, ConsoleRequest } from '../../shared/contract.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Link } from '../bridge.ts';
import type { OpenSocket, Socket } from './socket.ts';

export interface LinkPorts {
  readonly open: OpenSocket;
  readonly url: string;
  /** Runs it after that time; returns the way to call it off. */
  readonly later: (ms: number, run: () => void) => () => void;
}

/** A request without the id, which the link gives it. */
export type Asked = ConsoleRequest extends infer R
  ? R extends ConsoleRequest
    ? Omit<R, 'id'>
    : never
  : never;

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/**
 * The one WebSocket between the console's page and the engine. When it breaks, what was asked and not
 * answered has failed (it may have been done: nothing is asked twice), and it is opened again, less and
 * less often.
 */
export class ConsoleLink {
  readonly #ports: LinkPorts;
  readonly #waiting = new Map<number, (answer: Answer<unknown>) => void>();
  readonly #snapshotListeners = new Set<(snapshot: Snapshot) => void>();
  readonly #linkListeners = new Set<() => void>();
  #socket: Socket | null = null;
  #cancelRetry: (() => void) | null = null;
  #retryMs = FIRST_RETRY_MS;
  #nextId = 0;
  #state: Link = 'connecting';
  #latest: Snapshot | null = null;
  #isStopped = false;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
    this.#connect();
  }

  get state(): Link {
    return this.#state;
  }

  get latest(): Snapshot | null {
    return this.#latest;
  }

  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    this.#snapshotListeners.add(listener);
    if (this.#latest !== null) listener(this.#latest);
    return () => this.#snapshotListeners.delete(listener);
  }

  onState(listener: () => void): () => void {
    this.#linkListeners.add(listener);
    return () => this.#linkListeners.delete(listener);
  }

  ask(request: Asked): Promise<Answer<unknown>> {
    const socket = this.#socket;
    if (socket === null || this.#state !== 'open') return Promise.resolve(INTERRUPTED);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      socket.send(JSON.stringify({ ...request, id } satisfies ConsoleRequest));
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry?.();
    this.#socket?.close();
    this.#socket = null;
    this.#failWaiting();
  }

  #connect(): void {
    this.#cancelRetry = null;
    let isOver = false;
    const socket = this.#ports.open(this.#ports.url, {
      onOpen: () => {
        this.#retryMs = FIRST_RETRY_MS;
        this.#become('open');
      },
      onText: (text) => this.#hear(JSON.parse(text) as ConsoleEvent),
      onClose: () => {
        if (isOver || this.#isStopped) return;
        isOver = true;
        this.#lost();
      },
    });
    this.#socket = socket;
  }

  #lost(): void {
    this.#socket = null;
    this.#become('lost');
    this.#failWaiting();
    this.#cancelRetry = this.#ports.later(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #hear(event: ConsoleEvent): void {
    if (event.kind === 'answer') {
      this.#waiting.get(event.id)?.(event.answer);
      this.#waiting.delete(event.id);
      return;
    }
    this.#latest = event.snapshot;
    for (const listener of [...this.#snapshotListeners]) listener(event.snapshot);
  }

  #failWaiting(): void {
    for (const resolve of this.#waiting.values()) resolve(INTERRUPTED);
    this.#waiting.clear();
  }

  #become(state: Link): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of [...this.#linkListeners]) listener();
  }
}

const INTERRUPTED: Answer<never> = { ok: false, failure: { code: 'INTERRUPTED', details: {} } };
