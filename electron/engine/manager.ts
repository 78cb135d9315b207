import type { Failure } from '../../shared/errors.ts';
import type { BlockedPeer } from '../../shared/model/blocked-peer.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import { withBlocked } from './blocked.ts';
import { epochMs } from './calendar.ts';
import type { Checks } from './checks.ts';
import { createChecks } from './checks.ts';
import { dialledFrom, followInterface } from './follow-interface.ts';
import { failAll, unfinished } from './lost-transfers.ts';
import type { ManagerOptions } from './manager-options.ts';
import { Offers } from './offers.ts';
import { watchNetworks } from './networks/watch-networks.ts';
import type { InterfaceWatch } from './networks/interface-watch.ts';
import { Pairings } from './pairings.ts';
import { PortKeeper } from './port-keeper.ts';
import { Presence } from './presence.ts';
import { PeerNews } from './peer-news.ts';
import { realClock } from './transfer/ports.ts';
import { TransferEvents } from './transfer-events.ts';
import type { SendRequest } from './transfer/worker-messages.ts';
import type { WorkerEvents } from './transfer/workers.ts';
import { removeEmptyText } from './texts.ts';
import { Threads } from './threads.ts';
import { UnfinishedSends } from './unfinished-sends.ts';

/** Keeps the three threads and turns what they say into changes of the store. */
export class Manager {
  readonly #options: ManagerOptions;
  readonly threads: Threads;
  readonly presence: Presence;
  readonly #events: TransferEvents;
  readonly offers: Offers;
  readonly #unfinished: UnfinishedSends | null;
  readonly #news: PeerNews;
  readonly #port: PortKeeper;
  readonly checks: Checks;
  readonly pairings: Pairings;
  readonly networks: ReturnType<typeof watchNetworks>;
  readonly interfaces: InterfaceWatch;

  constructor(options: ManagerOptions) {
    const { store, outbox } = options;
    this.#options = options;
    this.networks = watchNetworks({ ...options, clock: realClock });
    const threads = new Threads({
      ...options,
      interface: () => dialledFrom(this.interfaces.chosen),
      listenTo: (way) => this.#listenTo(way),
    });
    this.threads = threads;
    const look = { interface: () => this.interfaces.chosen };
    this.presence = new Presence({ ...options, ...look, threads });
    this.pairings = new Pairings({
      ...options,
      threads,
      clock: realClock,
      onBlocked: (peer) => this.setBlocked(withBlocked(store.state.blocked, peer)),
    });
    const ports = { clock: realClock, epochMs, thread: () => threads.startedSend() };
    this.#unfinished = outbox && new UnfinishedSends({ ...options, outbox, ...ports });
    this.#news = new PeerNews({ store, thread: () => threads.send });
    this.#events = new TransferEvents({
      ...options,
      clock: realClock,
      unfinished: this.#unfinished,
      pairings: this.pairings,
      onAccept: (transferId, directory) => this.offers.accept(transferId, directory),
      isOnTrustedNetwork: (address) => this.networks.isTrusted(address),
      onAsk: (transferId) => this.offers.plan(transferId, store.state.self.directory),
      onDecline: (transferId, code) => threads.receive?.post({ kind: 'decline', transferId, code }),
      onTextLost: (transferId) => void removeEmptyText(options.home, transferId),
      onTakenId: (transferId) => threads.receive?.post({ kind: 'cancel', transferId }),
      onBlocked: (transferId) => threads.send?.post({ kind: 'cancel', transferId }),
    });
    this.#port = new PortKeeper({
      ...options,
      threads,
      clock: realClock,
      emit: (event) => this.#events.onEvent('receive', event),
      onReopened: () => this.presence.update(),
    });
    this.interfaces = followInterface({
      ...options,
      clock: realClock,
      port: () => this.#port,
      presence: () => this.presence,
      threads: () => threads,
    });
    this.offers = new Offers({
      ...options,
      events: this.#events,
      thread: () => threads.receive,
    });
    this.checks = createChecks({ ...options, thread: () => this.threads.startedReceive() });
  }

  /** Throws PORT_IN_USE, ADDRESS_UNAVAILABLE, NO_PERMISSION. */
  async start(): Promise<void> {
    const { listen, store } = this.#options;
    if (listen) {
      const { host } = this.interfaces;
      if (host !== undefined) await this.#port.open({ ...listen, host });
      this.setBlocked(store.state.blocked);
      await this.networks.start();
    }
    this.interfaces.start();
    this.presence.start();
    this.#unfinished?.start();
    this.#news.start();
  }

  send(request: SendRequest): void {
    this.#unfinished?.track(request);
    this.threads.startedSend().post({ kind: 'send', request });
  }

  /** Does nothing where the transfer is past that point. */
  tell(kind: 'cancel' | 'pause' | 'resume', { id, direction }: Transfer): void {
    const waits = this.#unfinished?.isWaiting(id) === true;
    const event = this.#unfinished?.say(kind, id) ?? null;
    if (event) this.#events.onEvent('send', event);
    if (waits) return;
    this.threads.of(direction)?.post({ kind, transferId: id });
    if (kind === 'cancel') this.#events.answered(id, null);
  }

  /** The new name is told from now on. */
  rename(name: string): void {
    this.threads.send?.post({ kind: 'rename', name });
    this.threads.receive?.post({ kind: 'rename', name });
    this.presence.update();
  }

  async stop(): Promise<void> {
    this.#port.stop();
    this.networks.stop();
    this.interfaces.stop();
    this.#unfinished?.stop();
    this.#news.stop();
    await Promise.all([this.threads.stop(), this.presence.stop()]);
    await Promise.all([this.#options.history.settled(), this.#options.outbox?.settled()]);
  }

  /** Whom nothing is heard of from now on, and with whom nothing goes on. */
  setBlocked(blocked: readonly BlockedPeer[]): void {
    const { store } = this.#options;
    store.apply({ kind: 'blocked', blocked });
    this.threads.receive?.post({ kind: 'blocked', peerIds: blocked.map(({ id }) => id) });
    for (const { id } of blocked) this.#events.refuse(id);
    for (const transfer of store.state.transfers) {
      if (isFinished(transfer) || !this.pairings.isBlocked(transfer.peer.id)) continue;
      if (transfer.phase === 'offered') this.offers.decline(transfer.id);
      else this.tell('cancel', transfer);
    }
  }

  /** A thread died: its transfers have failed, and sending again starts another one. */
  #onLost(direction: Transfer['direction'], why: Failure): void {
    const { log, store } = this.#options;
    log.warn(`the ${direction} worker ended: ${JSON.stringify(why.details)}`);
    this.threads.lost(direction);
    this.pairings.lost(direction);
    if (direction === 'receive') {
      this.checks.lost(why);
      this.#events.lostOffers();
      this.#port.lost(why);
      return;
    }
    this.#unfinished?.lost();
    store.apply({ kind: 'noticed', failure: why });
    failAll(unfinished(store, direction), why, (event) => this.#events.onEvent(direction, event));
  }

  #listenTo(direction: Transfer['direction']): WorkerEvents {
    return {
      onEvent: (event) => {
        if (event.kind === 'checking' || event.kind === 'checked') this.checks.heard(event);
        else this.#events.onEvent(direction, event);
        if (event.kind === 'restored') this.#port.restored(event.transferId);
      },
      onPairing: (event) => this.pairings.onEvent(direction, event),
      onRefused: this.#events.refusals.onRefused,
      onLost: (why) => this.#onLost(direction, why),
    };
  }
}
