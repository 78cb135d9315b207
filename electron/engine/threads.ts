import type { ReachableFrom } from '../../shared/model/settings.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { Store } from './state/store.ts';
import type { Identity } from './transfer/authentication.ts';
import type { Bound, KnownCallers, ListenOptions } from './transfer/worker-messages.ts';
import { visibleTo } from './visible-to.ts';
import type { WorkerEvents } from './transfer/workers.ts';
import { ReceiveThread, SendThread } from './transfer/workers.ts';

type Direction = Transfer['direction'];

export interface ThreadsOptions {
  readonly store: Store;
  readonly identity: Identity;
  readonly workers: URL;
  readonly home: string;
  /** The one interface that is used; null: all. */
  readonly interface: () => string | null;
  readonly reachableFrom: () => ReachableFrom;
  readonly listenTo: (direction: Direction) => WorkerEvents;
}

/** The two transfer threads, each started when it is first wanted. */
export class Threads {
  readonly #options: ThreadsOptions;
  #send: SendThread | null = null;
  #receive: ReceiveThread | null = null;
  /** null: no port is to be open. */
  #listen: ListenOptions | null = null;

  constructor(options: ThreadsOptions) {
    this.#options = options;
  }

  /** null: it was not wanted yet, or it died. */
  get send(): SendThread | null {
    return this.#send;
  }

  get receive(): ReceiveThread | null {
    return this.#receive;
  }

  of(direction: Direction): SendThread | ReceiveThread | null {
    return direction === 'send' ? this.#send : this.#receive;
  }

  /** Most devices receive more than they send. */
  startedSend(): SendThread {
    const { workers, listenTo, store, home } = this.#options;
    if (this.#send) return this.#send;
    this.#send = new SendThread(workers, { self: this.#self(), home }, listenTo('send'));
    this.#send.post({ kind: 'dialFrom', interface: this.#options.interface() });
    const bytesPerSecond = store.state.settings.sendBytesPerSecond;
    if (bytesPerSecond !== null) this.#send.post({ kind: 'pace', bytesPerSecond });
    return this.#send;
  }

  /** Throws PORT_IN_USE, ADDRESS_UNAVAILABLE, NO_PERMISSION, INTERNAL. */
  openPort(listen: ListenOptions): ReceiveThread['listening'] {
    this.#listen = listen;
    return this.startedReceive().listening;
  }

  /** At another place, or nowhere: what goes on is not touched. Throws as `openPort` does. */
  async movePort(listen: ListenOptions | null): Promise<Bound | null> {
    this.#listen = listen;
    return (await this.#receive?.listenAt(listen)) ?? null;
  }

  /** What is dialled from now on. */
  dialFrom(name: string | null): void {
    this.#send?.post({ kind: 'dialFrom', interface: name });
    this.#receive?.post({ kind: 'dialFrom', interface: name });
  }

  /** false: there is no thread that could have one. */
  async closePort(): Promise<boolean> {
    const receive = this.#receive;
    this.#receive = null;
    this.#listen = null;
    await receive?.stop();
    return receive !== null;
  }

  /** What all sends may take together from now on; null: as much as there is. */
  pace(bytesPerSecond: number | null): void {
    this.#send?.post({ kind: 'pace', bytesPerSecond });
  }

  /** With the port that was opened last, if one was. */
  startedReceive(): ReceiveThread {
    const { workers, home, listenTo } = this.#options;
    const start = { self: this.#self(), listen: this.#listen, home, callers: this.#callers() };
    if (this.#receive) return this.#receive;
    this.#receive = new ReceiveThread(workers, start, listenTo('receive'));
    this.#receive.post({ kind: 'dialFrom', interface: this.#options.interface() });
    return this.#receive;
  }

  /** It died: the next use starts another. */
  lost(direction: Direction): void {
    if (direction === 'send') this.#send = null;
    else this.#receive = null;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#send?.stop(), this.#receive?.stop()]);
  }

  #callers(): KnownCallers {
    const { store, reachableFrom } = this.#options;
    const blocked = store.state.blocked.map(({ id }) => id);
    return { visibleTo: visibleTo(store.state), blocked, from: reachableFrom() };
  }

  #self() {
    const { identity, store } = this.#options;
    const { name, platform } = store.state.self;
    return { identity, name, platform };
  }
}
