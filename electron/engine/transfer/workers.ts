import type { Worker } from 'node:worker_threads';
import type { Failure } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { PageTicket } from '../../../shared/contract.ts';
import type { FilePage } from '../../../shared/model/file-list.ts';
import type { OfferedPage, OfferedQuery, PicturesQuery } from '../../../shared/model/offered.ts';
import type { OfferedPicture } from '../../../shared/model/pictures.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { FileQuery } from './file-rows.ts';
import type { PairingEvent } from './pairing-messages.ts';
import { startThread } from './thread-ahead.ts';
import type {
  Bound,
  FromReceiveWorker,
  FromSendWorker,
  ListenOptions,
  ToReceiveWorker,
  ToSendWorker,
  TransferEvent,
  WirePeer,
} from './worker-messages.ts';

/** A worker that has not stopped by then is ended as it is. */
const STOP_TIMEOUT_MS = 4_000;

export interface WorkerEvents {
  readonly onEvent: (event: TransferEvent) => void;
  readonly onPairing: (event: PairingEvent) => void;
  readonly onRefused: (peer: WirePeer) => void;
  /** The thread died: its transfers with it. */
  readonly onLost: (failure: Failure) => void;
}

type StartSending = Omit<Extract<ToSendWorker, { kind: 'start' }>, 'kind'>;
type OpenedPage = PageTicket & { readonly selectionKey: string };

/** The send thread as the main thread sees it. */
export class SendThread {
  readonly #thread: Thread<ToSendWorker, FromSendWorker>;
  readonly #pages = new Map<number, Answering<OpenedPage>>();
  readonly #files = new Map<number, Answering<FilePage | null>>();
  #requests = 0;

  constructor(workers: URL, start: StartSending, events: WorkerEvents) {
    const onLost = (why: Failure): void => {
      for (const asked of [this.#pages, this.#files]) {
        for (const { reject } of asked.values()) reject(errorOf(why));
        asked.clear();
      }
      events.onLost(why);
    };
    this.#thread = new Thread(new URL('./send-worker.js', workers), onLost, (message) => {
      this.#take(message, events);
    });
    this.#thread.post({ kind: 'start', ...start });
  }

  post(message: ToSendWorker): void {
    this.#thread.post(message);
  }

  /** Throws ADDRESS_UNAVAILABLE. */
  openPage(origin: string): Promise<OpenedPage> {
    const request = this.#requests++;
    return new Promise((resolve, reject) => {
      this.#pages.set(request, { resolve, reject });
      this.post({ kind: 'openPage', request, origin });
    });
  }

  /** Of what it sends just now; null: it does not send it. Rejects where the thread dies. */
  listFiles(transferId: TransferId, query: FileQuery): Promise<FilePage | null> {
    const request = this.#requests++;
    return new Promise((resolve, reject) => {
      this.#files.set(request, { resolve, reject });
      this.post({ kind: 'listFiles', request, transferId, query });
    });
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }

  #take(message: FromSendWorker, events: WorkerEvents): void {
    if (message.kind === 'event') events.onEvent(message.event);
    if (message.kind === 'pairing') events.onPairing(message.event);
    if (message.kind === 'files') {
      this.#files.get(message.request)?.resolve(message.page);
      this.#files.delete(message.request);
    }
    if (message.kind !== 'page' && message.kind !== 'pageFailed') return;
    const page = this.#pages.get(message.request);
    this.#pages.delete(message.request);
    if (message.kind === 'pageFailed') page?.reject(errorOf(message.failure));
    else page?.resolve({ ...message.ticket, selectionKey: message.selectionKey });
  }
}

type StartReceiving = Omit<Extract<ToReceiveWorker, { kind: 'start' }>, 'kind'>;

export interface Receipts {
  /** Throws NOTHING_TO_UNDO, INTERRUPTED, INTERNAL, and what the disk does. */
  undo(transferId: TransferId): Promise<void>;
  /** Removes them with all that is kept for them. Throws INTERNAL, and what the disk does. */
  clearReceipts(): Promise<void>;
}

/** The receive thread as the main thread sees it. */
export class ReceiveThread implements Receipts {
  readonly #thread: Thread<ToReceiveWorker, FromReceiveWorker>;
  readonly #asked = new Map<number, Answering<OfferedPage | null>>();
  #requests = 0;
  #lost: Failure | null = null;
  readonly listening: Promise<Bound>;
  readonly #moves = new Map<number, Answering<Bound | null>>();
  readonly #looks = new Map<number, Answering<readonly OfferedPicture[] | null>>();

  /**
   * `listening` rejects with PORT_IN_USE, ADDRESS_UNAVAILABLE, NO_PERMISSION or INTERNAL. Nobody need wait
   * for it where no port is opened.
   */
  constructor(workers: URL, start: StartReceiving, events: WorkerEvents) {
    let onMessage: (message: FromReceiveWorker) => void = () => undefined;
    let onLost: (why: Failure) => void = () => undefined;
    this.listening = new Promise((resolve, reject) => {
      onMessage = (message) => {
        if (message.kind === 'refused') events.onRefused(message.peer);
        if (message.kind === 'event') events.onEvent(message.event);
        if (message.kind === 'pairing') events.onPairing(message.event);
        if (message.kind === 'answered') this.#take(message.request, message.failure);
        if (message.kind === 'looked') this.#take(message.request, null, message.page);
        if (message.kind === 'moved') this.#moved(message);
        if (message.kind === 'shown') this.#shown(message);
        if (message.kind === 'listening') resolve({ host: message.host, port: message.port });
        if (message.kind === 'listenFailed') reject(errorOf(message.failure));
      };
      onLost = (why) => {
        reject(errorOf(why));
        this.#lost = why;
        for (const request of [...this.#asked.keys()]) this.#take(request, why);
        for (const asked of [this.#moves, this.#looks]) {
          for (const { reject: lose } of asked.values()) lose(errorOf(why));
          asked.clear();
        }
        events.onLost(why);
      };
    });
    this.listening.catch(() => undefined);
    this.#thread = new Thread(new URL('./receive-worker.js', workers), onLost, onMessage);
    this.#thread.post({ kind: 'start', ...start });
  }

  post(message: ToReceiveWorker): void {
    this.#thread.post(message);
  }

  async undo(transferId: TransferId): Promise<void> {
    await this.#ask((request) => ({ kind: 'undo', request, transferId }));
  }

  async clearReceipts(): Promise<void> {
    await this.#ask((request) => ({ kind: 'clearReceipts', request }));
  }

  /** null: no such offer waits, or it has no such folder. Throws INTERNAL. */
  look(query: OfferedQuery): Promise<OfferedPage | null> {
    return this.#ask((request) => ({ kind: 'look', request, query }));
  }

  /** null: no such offer waits. Throws INTERNAL. */
  pictures(query: PicturesQuery): Promise<readonly OfferedPicture[] | null> {
    const request = this.#requests++;
    return new Promise((resolve, reject) => {
      if (this.#lost) reject(errorOf(this.#lost));
      this.#looks.set(request, { resolve, reject });
      this.post({ kind: 'pictures', request, query });
    });
  }

  /** At another place, or nowhere. Throws PORT_IN_USE, ADDRESS_UNAVAILABLE, NO_PERMISSION, INTERNAL. */
  listenAt(listen: ListenOptions | null): Promise<Bound | null> {
    const request = this.#requests++;
    return new Promise((resolve, reject) => {
      this.#moves.set(request, { resolve, reject });
      this.post({ kind: 'listen', request, listen });
    });
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }

  #shown({ request, pictures }: Extract<FromReceiveWorker, { kind: 'shown' }>): void {
    this.#looks.get(request)?.resolve(pictures);
    this.#looks.delete(request);
  }

  #moved({ request, bound, failure }: Extract<FromReceiveWorker, { kind: 'moved' }>): void {
    const move = this.#moves.get(request);
    this.#moves.delete(request);
    if (failure) move?.reject(errorOf(failure));
    else move?.resolve(bound);
  }

  #ask(messageOf: (request: number) => ToReceiveWorker): Promise<OfferedPage | null> {
    const lost = this.#lost;
    if (lost) return Promise.reject(errorOf(lost));
    const request = this.#requests++;
    return new Promise((resolve, reject) => {
      this.#asked.set(request, { resolve, reject });
      this.post(messageOf(request));
    });
  }

  #take(request: number, why: Failure | null, page: OfferedPage | null = null): void {
    const asked = this.#asked.get(request);
    this.#asked.delete(request);
    if (why) asked?.reject(errorOf(why));
    else asked?.resolve(page);
  }
}

interface Answering<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: DroplineError) => void;
}

function errorOf({ code, details }: Failure): DroplineError {
  return new DroplineError(code, details);
}

class Thread<In extends { readonly kind: string }, Out extends { readonly kind: string }> {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #stopping = false;
  #stopped: () => void = () => undefined;

  constructor(url: URL, onLost: (failure: Failure) => void, onMessage: (message: Out) => void) {
    this.#worker = startThread(url);
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
