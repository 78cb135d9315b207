import type { PageTicket } from '../../shared/contract.ts';
import type { ErrorCode, Failure } from '../../shared/errors.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { Discovery } from './discovery/discovery.ts';
import { startDiscovery } from './discovery/discovery.ts';
import type { History } from './history.ts';
import type { Log } from './log.ts';
import type { Store } from './state/store.ts';
import type { Identity } from './transfer/connection.ts';
import { realClock } from './transfer/ports.ts';
import type { ListenOptions, SendRequest, TransferEvent } from './transfer/worker-messages.ts';
import type { WorkerEvents } from './transfer/workers.ts';
import { ReceiveThread, SendThread } from './transfer/workers.ts';
import type { Trust } from './trust.ts';

export interface ManagerOptions {
  readonly store: Store;
  readonly trust: Trust;
  readonly history: History;
  readonly log: Log;
  readonly identity: Identity;
  readonly workers: URL;
  readonly home: string;
  readonly accept: () => AcceptPolicy;
  /** null: does not receive. */
  readonly listen: ListenOptions | null;
  readonly discovery: boolean;
  readonly interface: string | null;
}

/** Keeps the three threads and turns what they say into changes of the store. */
export class Manager {
  readonly #options: ManagerOptions;
  #send: SendThread | null = null;
  #receive: ReceiveThread | null = null;
  #discovery: Discovery | null = null;

  constructor(options: ManagerOptions) {
    this.#options = options;
  }

  /** Throws PORT_IN_USE, ADDRESS_UNAVAILABLE, NO_PERMISSION. */
  async start(): Promise<void> {
    const { workers, listen, home, store } = this.#options;
    if (listen) {
      const start = { self: this.#self(), listen, home };
      this.#receive = new ReceiveThread(workers, start, this.#events('receive'));
      const { host, port } = await this.#receive.listening;
      store.apply({ kind: 'self', self: { host, port } });
    }
    if (this.#options.discovery) this.#startDiscovery();
  }

  send(request: SendRequest): void {
    this.#sendThread().post({ kind: 'send', request });
  }

  openPage(origin: string): Promise<PageTicket & { selectionKey: string }> {
    return this.#sendThread().openPage(origin);
  }

  accept(transferId: TransferId, directory: string): void {
    const startedAtMs = this.#transfer(transferId)?.startedAtMs ?? Date.now();
    this.#receive?.post({ kind: 'accept', transferId, directory, startedAtMs });
  }

  decline(transferId: TransferId, code: ErrorCode = 'DECLINED'): void {
    this.#receive?.post({ kind: 'decline', transferId, code });
  }

  /** Does nothing where the transfer is past that point. */
  tell(kind: 'cancel' | 'pause' | 'resume', { id, direction }: Transfer): void {
    const thread = direction === 'send' ? this.#send : this.#receive;
    thread?.post({ kind, transferId: id });
  }

  /** The new name is told from now on. */
  rename(name: string): void {
    this.#send?.post({ kind: 'rename', name });
    this.#receive?.post({ kind: 'rename', name });
    this.#discovery?.setAnnounce(this.#announcement());
  }

  async stop(): Promise<void> {
    await Promise.all([this.#send?.stop(), this.#receive?.stop(), this.#discovery?.stop()]);
    await this.#options.history.settled();
  }

  /** Started when it is first wanted: most devices receive more than they send. */
  #sendThread(): SendThread {
    this.#send ??= new SendThread(this.#options.workers, this.#self(), this.#events('send'));
    return this.#send;
  }

  #self() {
    const { identity, store } = this.#options;
    const { name, platform } = store.state.self;
    return { identity, name, platform };
  }

  #events(direction: Transfer['direction']): WorkerEvents {
    return {
      onEvent: (event) => {
        this.#onEvent(direction, event);
      },
      onLost: (why) => {
        this.#onLost(direction, why);
      },
    };
  }

  /** A thread died: its transfers have failed, and sending again starts another one. */
  #onLost(direction: Transfer['direction'], why: Failure): void {
    const { log, store } = this.#options;
    log.warn(`the ${direction} worker ended: ${JSON.stringify(why.details)}`);
    if (direction === 'send') this.#send = null;
    else store.apply({ kind: 'self', self: { host: null, port: null } });
    store.apply({ kind: 'noticed', failure: why });
    for (const transfer of store.state.transfers) {
      if (transfer.direction !== direction || isFinished(transfer)) continue;
      const outcome = { kind: 'failed', failure: why } as const;
      this.#onEvent(direction, { kind: 'ended', transferId: transfer.id, outcome });
    }
  }

  #onEvent(direction: Transfer['direction'], event: TransferEvent): void {
    const { store, trust } = this.#options;
    if (event.kind !== 'counts' && this.#isOfOtherDirection(direction, event.transferId)) {
      if (event.kind === 'offered') this.decline(event.transferId, 'PEER_BUSY');
      return;
    }
    const times = { nowMs: realClock.nowMs(), epochMs: Date.now() };
    const verified = 'peer' in event && trust.isPaired(event.peer.id);
    store.apply({ kind: 'transferEvent', event, times, verified });
    if (event.kind === 'counts') return;
    this.#log(event);
    if (event.kind === 'offered') this.#answerAtOnce(event.transferId, verified);
    if (event.kind === 'ended') this.#remember(event.transferId);
  }

  /** Whoever receives our offer knows its id: offered back to us, it may not stand for ours. */
  #isOfOtherDirection(direction: Transfer['direction'], transferId: TransferId): boolean {
    const known = this.#transfer(transferId);
    return known !== undefined && known.direction !== direction;
  }

  #transfer(transferId: TransferId): Transfer | undefined {
    return this.#options.store.state.transfers.find((t) => t.id === transferId);
  }

  /** Accepting by itself is an answer given at once, and nothing else. */
  #answerAtOnce(transferId: TransferId, verified: boolean): void {
    const policy = this.#options.accept();
    if (policy === 'all' || (policy === 'paired' && verified)) {
      this.accept(transferId, this.#options.store.state.self.directory);
    } else if (policy === 'paired') this.decline(transferId);
  }

  #remember(transferId: TransferId): void {
    const { history, log } = this.#options;
    const transfer = this.#transfer(transferId);
    if (!transfer || !isFinished(transfer)) return;
    history.add(transfer).catch((error: unknown) => {
      log.warn(`history: ${String(error)}`);
    });
  }

  #log(event: Exclude<TransferEvent, { kind: 'counts' }>): void {
    const outcome = event.kind === 'ended' ? ` ${event.outcome.kind}` : '';
    this.#options.log.info(`${event.transferId} ${event.kind}${outcome}`);
  }

  #startDiscovery(): void {
    const { store, workers, log } = this.#options;
    this.#discovery = startDiscovery({
      workers,
      announce: this.#announcement(),
      interface: this.#options.interface,
      onPeers: (peers) => {
        store.apply({ kind: 'discovered', peers });
      },
      onFailure: (why) => {
        log.warn(`discovery: ${why.code}`);
        store.apply({ kind: 'self', self: { discovery: 'failed' } });
        store.apply({ kind: 'noticed', failure: why });
      },
      onStarted: () => {
        store.apply({ kind: 'self', self: { discovery: 'on' } });
      },
      onTrouble: (reason) => {
        log.info(`discovery: ${reason}`);
      },
    });
  }

  #announcement() {
    const { id, name, platform, port } = this.#options.store.state.self;
    const { listen } = this.#options;
    return port === null || listen?.mode !== 'tls' ? null : { id, name, platform, port };
  }
}
