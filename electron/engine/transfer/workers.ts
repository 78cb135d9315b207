import { Worker } from 'node:worker_threads';
import type { Failure } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { PageTicket } from '../../../shared/contract.ts';
import type {
  FromReceiveWorker,
  FromSendWorker,
  ListenOptions,
  Self,
  ToReceiveWorker,
  ToSendWorker,
  TransferEvent,
} from './worker-messages.ts';

/** A worker that has not stopped by then is ended as it is. */
const STOP_TIMEOUT_MS = 4_000;

/**
 * What the threads make is gone at once: frames, entries, chunks of the socket. A small nursery gives it
 * back often, where the default one would keep tens of MiB of it.
 */
const MAX_YOUNG_MIB = 8;

export interface WorkerEvents {
  readonly onEvent: (event: TransferEvent) => void;
  /** The thread died: its transfers with it. */
  readonly onLost: (failure: Failure) => void;
}

/** The send thread as the main thread sees it. */
export class SendThread {
  readonly #thread: Thread<ToSendWorker, FromSendWorker>;
  readonly #pages = new Map<number, (page: PageTicket & { selectionKey: string }) => void>();
  #requests = 0;

  constructor(workers: URL, self: Self, events: WorkerEvents) {
    this.#thread = new Thread(new URL('./send-worker.js', workers), events.onLost, (message) => {
      if (message.kind === 'event') events.onEvent(message.event);
      if (message.kind !== 'page') return;
      this.#pages.get(message.request)?.({
        ...message.ticket,
        selectionKey: message.selectionKey,
      });
      this.#pages.delete(message.request);
    });
    this.#thread.post({ kind: 'start', self });
  }

  post(message: ToSendWorker): void {
    this.#thread.post(message);
  }

  openPage(origin: string): Promise<PageTicket & { selectionKey: string }> {
    const request = this.#requests++;
    return new Promise((resolve) => {
      this.#pages.set(request, resolve);
      this.post({ kind: 'openPage', request, origin });
    });
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

/** The receive thread as the main thread sees it. */
export class ReceiveThread {
  readonly #thread: Thread<ToReceiveWorker, FromReceiveWorker>;
  readonly listening: Promise<{ readonly host: string; readonly port: number }>;

  /** `listening` rejects with PORT_IN_USE, ADDRESS_UNAVAILABLE or NO_PERMISSION. */
  constructor(workers: URL, self: Self, listen: ListenOptions, events: WorkerEvents) {
    let onMessage: (message: FromReceiveWorker) => void = () => undefined;
    this.listening = new Promise((resolve, reject) => {
      onMessage = (message) => {
        if (message.kind === 'event') events.onEvent(message.event);
        if (message.kind === 'listening') resolve({ host: message.host, port: message.port });
        if (message.kind === 'listenFailed') {
          reject(new DroplineError(message.failure.code, message.failure.details));
        }
      };
    });
    this.#thread = new Thread(new URL('./receive-worker.js', workers), events.onLost, (m) => {
      onMessage(m);
    });
    this.#thread.post({ kind: 'start', self, listen });
  }

  post(message: ToReceiveWorker): void {
    this.#thread.post(message);
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }
}

class Thread<In extends { readonly kind: string }, Out extends { readonly kind: string }> {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #stopping = false;
  #stopped: () => void = () => undefined;

  constructor(url: URL, onLost: (failure: Failure) => void, onMessage: (message: Out) => void) {
    this.#worker = new Worker(url, { resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_MIB } });
    let reason = 'exit';
    this.#worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        if (!this.#stopping) onLost({ code: 'INTERNAL', details: { reason } });
        resolve();
      });
    });
    this.#worker.on('message', (message: Out) => {
      if (message.kind === 'stopped') this.#stopped();
      else onMessage(message);
    });
  }

  post(message: In): void {
    this.#worker.postMessage(message);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const stopped = new Promise<void>((resolve) => {
      this.#stopped = resolve;
      setTimeout(resolve, STOP_TIMEOUT_MS).unref();
    });
    this.#worker.postMessage({ kind: 'stop' });
    await Promise.race([stopped, this.#exited]);
    await this.#worker.terminate();
  }
}
