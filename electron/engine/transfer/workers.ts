import type { Worker } from 'node:worker_threads';
import type { Failure } from '../../../shared/errors.ts';
import type { PageTicket } from '../../../shared/contract.ts';
import type { FilePage } from '../../../shared/model/file-list.ts';
import type { OfferedPage, OfferedQuery, PicturesQuery } from '../../../shared/model/offered.ts';
import type { OfferedPicture } from '../../../shared/model/pictures.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { Asked, errorOf } from './asked.ts';
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
  readonly #pages = new Asked<OpenedPage>();
  readonly #files = new Asked<FilePage | null>();

  constructor(workers: URL, start: StartSending, events: WorkerEvents) {
    const onLost = (why: Failure): void => {
      for (const asked of [this.#pages, this.#files]) asked.lost(why);
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
    return this.#pages.ask((request) => this.post({ kind: 'openPage', request, origin }));
  }

  /** Of what it sends just now; null: it does not send it. Rejects where the thread dies. */
  listFiles(transferId: TransferId, query: FileQuery): Promise<FilePage | null> {
    return this.#files.ask((request) => {
      this.post({ kind: 'listFiles', request, transferId, query });
    });
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }

  #take(message: FromSendWorker, events: WorkerEvents): void {
    if (message.kind === 'event') events.onEvent(message.event);
    if (message.kind === 'pairing') events.onPairing(message.event);
    if (message.kind === 'files') this.#files.answered(message.request, message.page);
    if (message.kind === 'page') {
      const { request, ticket, selectionKey } = message;
      this.#pages.answered(request, { ...ticket, selectionKey });
    }
    if (message.kind === 'pageFailed') this.#pages.refused(message.request, message.failure);
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
  readonly #receipts = new Asked<null>();
  readonly #looks = new Asked<OfferedPage | null>();
  readonly #pictures = new Asked<readonly OfferedPicture[] | null>();
  readonly #moves = new Asked<Bound | null>();
  readonly listening: Promise<Bound>;

  /**
   * `listening` rejects with PORT_IN_USE, ADDRESS_UNAVAILABLE, NO_PERMISSION or INTERNAL. Nobody need wait
   * for it where no port is opened.
   */
  constructor(workers: URL, start: StartReceiving, events: WorkerEvents) {
    let onListening: (bound: Bound) => void = () => undefined;
    let onUnbound: (why: Failure) => void = () => undefined;
    this.listening = new Promise((resolve, reject) => {
      onListening = resolve;
      onUnbound = (why) => {
        reject(errorOf(why));
      };
    });
    this.listening.catch(() => undefined);
    const onLost = (why: Failure): void => {
      onUnbound(why);
      for (const asked of [this.#receipts, this.#looks, this.#pictures, this.#moves])
        asked.lost(why);
      events.onLost(why);
    };
    const onMessage = (message: FromReceiveWorker): void => {
      if (message.kind === 'listening') onListening({ host: message.host, port: message.port });
      else if (message.kind === 'listenFailed') onUnbound(message.failure);
      else this.#take(message, events);
    };
    this.#thread = new Thread(new URL('./receive-worker.js', workers), onLost, onMessage);
    this.#thread.post({ kind: 'start', ...start });
  }

  post(message: ToReceiveWorker): void {
    this.#thread.post(message);
  }

  async undo(transferId: TransferId): Promise<void> {
    await this.#receipts.ask((request) => this.post({ kind: 'undo', request, transferId }));
  }

  async clearReceipts(): Promise<void> {
    await this.#receipts.ask((request) => this.post({ kind: 'clearReceipts', request }));
  }

  /** null: no such offer waits, or it has no such folder. Throws INTERNAL. */
  look(query: OfferedQuery): Promise<OfferedPage | null> {
    return this.#looks.ask((request) => this.post({ kind: 'look', request, query }));
  }

  /** null: no such offer waits. Throws INTERNAL. */
  pictures(query: PicturesQuery): Promise<readonly OfferedPicture[] | null> {
    return this.#pictures.ask((request) => this.post({ kind: 'pictures', request, query }));
  }

  /** At another place, or nowhere. Throws PORT_IN_USE, ADDRESS_UNAVAILABLE, NO_PERMISSION, INTERNAL. */
  listenAt(listen: ListenOptions | null): Promise<Bound | null> {
    return this.#moves.ask((request) => this.post({ kind: 'listen', request, listen }));
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }

  #take(message: FromReceiveWorker, events: WorkerEvents): void {
    if (message.kind === 'refused') events.onRefused(message.peer);
    if (message.kind === 'event') events.onEvent(message.event);
    if (message.kind === 'pairing') events.onPairing(message.event);
    if (message.kind === 'looked') this.#looks.answered(message.request, message.page);
    if (message.kind === 'shown') this.#pictures.answered(message.request, message.pictures);
    if (message.kind === 'answered') settle(this.#receipts, message, null);
    if (message.kind === 'moved') settle(this.#moves, message, message.bound);
  }
}

function settle<T>(
  asked: Asked<T>,
  { request, failure }: { readonly request: number; readonly failure: Failure | null },
  answer: T,
): void {
  if (failure) asked.refused(request, failure);
  else asked.answered(request, answer);
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
