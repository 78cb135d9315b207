import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { Choice } from '../../../shared/model/choice.ts';
import type { OfferedPage, OfferedQuery, PicturesQuery } from '../../../shared/model/offered.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { OfferedPicture } from '../../../shared/model/pictures.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { NEUTRAL_DEVICE_NAME } from '../../../shared/protocol/device-name.ts';
import {
  MAX_LANES,
  MAX_LISTS_MEMORY_BYTES,
  MAX_THUMBNAIL_OFFERS,
  MAX_UNAUTHENTICATED,
  MAX_UNAUTHENTICATED_PER_ADDRESS,
} from '../../../shared/protocol/limits.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import type { Connection } from './connection.ts';
import { firstToGo, firstTooMuch, networkOf } from './crowd.ts';
import { dialLaneTo } from './dial-lane.ts';
import { availableHashes } from './hash.ts';
import { IncomingTransfers } from './incoming-transfers.ts';
import { restoredEvent } from './incoming.ts';
import type { Listening } from './listener.ts';
import { listenTls } from './listener.ts';
import { PairingHost } from './pairing-host.ts';
import type { PairingEvent, PairingOrder } from './pairing-messages.ts';
import { ReceiveSession } from './receive-session.ts';
import type { PortSystem, Receiver } from './receiver.ts';
import type {
  Acceptance,
  Bound,
  KnownCallers,
  ListenOptions,
  Self,
  WirePeer,
} from './worker-messages.ts';

interface Listeners {
  readonly onPairing: (event: PairingEvent) => void;
  /** Of an offer that nobody is asked about. */
  readonly onRefused: (peer: WirePeer) => void;
}

/** Why an offer comes to nothing before a person is asked. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['NAME_REFUSED', 'TOO_MANY_FILES']);

/** Receives over TLS: the port, and a session for each connection that comes in by it. */
export class TlsReceiver implements Receiver {
  readonly #system: PortSystem;
  readonly #listeners: Listeners;
  readonly #transfers: IncomingTransfers;
  readonly #sessions = new Set<ReceiveSession>();
  /** Where it listens, and did while connections go on that came in by it. */
  #ports: readonly Listening[] = [];
  #listening: Listening | null = null;
  readonly #pairings: PairingHost;
  /** Keys whose owners are hung up on. */
  #blocked: ReadonlySet<PeerId> = new Set();
  /** null: everybody. */
  #visibleTo: ReadonlySet<PeerId> | null = null;
  #self: Self;

  private constructor(
    self: Self,
    system: PortSystem,
    transfers: IncomingTransfers,
    listeners: Listeners,
  ) {
    this.#listeners = listeners;
    this.#self = self;
    this.#system = system;
    this.#transfers = transfers;
    this.#pairings = new PairingHost({
      clock: system.clock,
      self: () => this.#self,
      emit: listeners.onPairing,
    });
  }

  /** Throws PORT_IN_USE, NO_PERMISSION, ADDRESS_UNAVAILABLE. */
  static async listen(
    listen: ListenOptions,
    self: Self,
    callers: KnownCallers,
    system: PortSystem,
    listeners: Listeners,
  ): Promise<TlsReceiver> {
    const transfers = new IncomingTransfers(system, system.shelf);
    const unfinished = await transfers.takeStock(); // whoever comes in must find it
    const receiver = new TlsReceiver(self, system, transfers, listeners);
    receiver.setVisibleTo(callers.visibleTo);
    receiver.setBlocked(callers.blocked);
    await receiver.listenAt(listen);
    for (const one of unfinished) system.reporter.emit(restoredEvent(one));
    return receiver;
  }

  async bound(): Promise<Bound> {
    if (!this.#listening) throw new DroplineError('ADDRESS_UNAVAILABLE');
    return this.#listening;
  }

  async listenAt(listen: ListenOptions | null): Promise<Bound | null> {
    const before = this.#listening;
    this.#listening = null;
    before?.leave(() => (this.#ports = this.#ports.filter((one) => one !== before)));
    if (listen === null) return null;
    const port = await listenTls(listen, this.#self.identity, this.#system, {
      onTransfer: (connection) => {
        if (!this.#turnsAway(connection)) this.#greet(connection);
      },
      onPairing: (connection) => {
        if (!this.#turnsAway(connection)) this.#pairings.take(connection);
      },
    });
    this.#listening = port;
    this.#ports = [...this.#ports, port];
    return { host: port.host, port: port.port };
  }

  rename(name: string): void {
    this.#self = { ...this.#self, name };
  }

  pair(order: PairingOrder): void {
    this.#pairings.order(order);
  }

  setVisibleTo(peerIds: readonly PeerId[] | null): void {
    this.#visibleTo = peerIds && new Set(peerIds);
  }

  setBlocked(peerIds: readonly PeerId[]): void {
    this.#blocked = new Set(peerIds);
  }

  accept(transferId: TransferId, acceptance: Acceptance): void {
    this.#transfers.accept(transferId, acceptance);
  }

  plan(transferId: TransferId, directory: string, choice?: Choice): Promise<void> {
    return this.#transfers.plan(transferId, directory, choice);
  }

  async look({ transferId, path, from, count }: OfferedQuery): Promise<OfferedPage | null> {
    const tree = await this.#transfers.waiting(transferId)?.tree();
    return tree?.page(path, from, count) ?? null;
  }

  pictures({ transferId, from }: PicturesQuery): readonly OfferedPicture[] | null {
    const incoming = this.#transfers.waiting(transferId);
    if (!incoming) return null;
    const { session } = incoming;
    const shown = [...this.#sessions].filter(({ isShown }) => isShown).length;
    if (!session.isShown && shown < MAX_THUMBNAIL_OFFERS) {
      session.show(() => {
        const come = session.pictures.all.length;
        this.#system.reporter.emit({ kind: 'pictures', transferId, come });
      });
    }
    return incoming.picturesFrom(from);
  }

  decline(transferId: TransferId, code: ErrorCode): void {
    this.#transfers.decline(transferId, code);
  }

  pause(transferId: TransferId): void {
    this.#transfers.pause(transferId);
  }

  resume(transferId: TransferId): void {
    this.#transfers.resume(transferId);
  }

  cancel(transferId: TransferId): Promise<void> {
    return this.#transfers.cancel(transferId);
  }

  /**
   * The senders are told that it is this side that stops: they may try again later. What is on the disk
   * is settled before the sockets are waited for: a peer that does not hang up may not keep it there.
   */
  async stop(): Promise<void> {
    const closed = Promise.all(this.#ports.map((port) => port.stop()));
    void this.#pairings.stop();
    for (const session of [...this.#sessions]) session.stop();
    await this.#transfers.stop();
    await closed;
  }

  /**
   * Strangers have keys too: of sessions that have not offered anything whole, each address keeps few, and
   * the oldest of them goes. A newcomer is never turned away.
   */
  #makeRoom(address: string): void {
    const silent = [...this.#sessions].filter((session) => session.beforeOffer);
    const network = networkOf(address);
    const near = silent.filter(({ connection }) => networkOf(connection.address) === network);
    if (near.length > MAX_UNAUTHENTICATED_PER_ADDRESS) near[0]?.abandon();
    else if (silent.length > MAX_UNAUTHENTICATED) {
      firstToGo(silent, ({ connection }) => connection.address)?.abandon();
    }
  }

  /** Lists that are not whole and planned cost memory, and anybody can begin one. */
  #limitLists(): void {
    firstTooMuch(
      this.#sessions,
      MAX_LISTS_MEMORY_BYTES,
      ({ listBytes }) => listBytes,
      ({ connection }) => connection.address,
    )?.abandon();
  }

  #turnsAway(connection: Connection | Connection<PairingMessage>): boolean {
    if (!this.#blocked.has(connection.peerId)) return false;
    connection.send({ type: 'error', code: 'DECLINED' });
    connection.close();
    return true;
  }

  #greet(connection: Connection): void {
    const { platform } = this.#self;
    const knowsUs = this.#visibleTo?.has(connection.peerId) ?? true;
    const name = knowsUs ? this.#self.name : NEUTRAL_DEVICE_NAME;
    const transfers = this.#transfers;
    let peerName = '';
    const session = new ReceiveSession(connection, {
      greeting: { name, platform, hashes: availableHashes, lanes: MAX_LANES },
      clock: this.#system.clock,
      dialLane: dialLaneTo(connection, this.#self.identity, this.#system.clock),
      onListGrows: () => this.#limitLists(),
      onOffer: (incoming) => {
        peerName = incoming.peerName;
        transfers.offer(session, incoming);
      },
      onTakenBack: (transferId) => {
        void transfers.takenBack(transferId, connection.peerId);
      },
      onFinishing: () => {
        transfers.finishing(session);
      },
      onEnd: (outcome) => {
        this.#sessions.delete(session);
        const isRefused = outcome.kind === 'failed' && REFUSALS.has(outcome.failure.code);
        if (isRefused) {
          const { peerId: id, address } = connection;
          this.#listeners.onRefused({ id, name: peerName, address });
        }
        transfers.end(session, outcome);
      },
    });
    this.#sessions.add(session);
    this.#makeRoom(connection.address);
  }
}
