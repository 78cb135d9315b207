import { DroplineError, failure } from '../../shared/errors.ts';
import type { BlockedPeer } from '../../shared/model/blocked-peer.ts';
import { lookalikeOf } from '../../shared/model/lookalike.ts';
import type { Pairing, PairingAnswer, PairingId } from '../../shared/model/pairing.ts';
import { spacedCode } from '../../shared/model/pairing.ts';
import type { PeerId, Place, Platform } from '../../shared/model/peer.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';
import type { PairingOutcome } from '../../shared/protocol/pairing.ts';
import type { Addressee } from './addressee.ts';
import type { Log } from './log.ts';
import { LostCodes } from './lost-codes.ts';
import type { Store } from './state/store.ts';
import type { Threads } from './threads.ts';
import type { PairingEvent, PairingOrder } from './transfer/pairing-messages.ts';
import { newPairingId } from './transfer/pairing-ports.ts';
import type { Clock } from './transfer/ports.ts';
import type { WirePeer } from './transfer/worker-messages.ts';
import type { Trust } from './trust.ts';

type Direction = Transfer['direction'];
type EventOf<K extends PairingEvent['kind']> = Extract<PairingEvent, { kind: K }>;

export interface PairingsOptions {
  readonly store: Store;
  readonly trust: Trust;
  readonly log: Log;
  readonly clock: Clock;
  readonly threads: Pick<Threads, 'of' | 'startedSend'>;
  /** There is somebody who can compare codes. */
  readonly pairs: boolean;
  /** Nothing may go on with whoever has that key, in this run. */
  readonly onBlocked: (peer: BlockedPeer) => void;
}

interface Active {
  readonly pairing: Pairing;
  /** The thread that has its wire: `send` where this side dialled. */
  readonly direction: Direction;
  readonly platform: Platform;
  /** '': not known yet. */
  readonly meetingKey: string;
  /** Where this side dialled first; null: the other side did. */
  readonly dialled: Place | null;
  /** No person asked for it: what fails before there is a code is not told. */
  readonly isQuiet: boolean;
}

/** Decides who may compare codes with this device, one at a time, and keeps what the people said. */
export class Pairings {
  readonly #options: PairingsOptions;
  readonly #lostCodes = new LostCodes();
  /** Sends that have led to a code already: a wire that is cut makes no second one. */
  readonly #offered = new Set<TransferId>();
  #active: Active | null = null;

  constructor(options: PairingsOptions) {
    this.#options = options;
  }

  isBlocked(peerId: PeerId | null): boolean {
    return this.#options.store.state.blocked.some(({ id }) => id === peerId);
  }

  /** Throws PAIRING_UNAVAILABLE, PAIRING_BUSY, PEER_BLOCKED. */
  pair(to: Addressee): PairingId {
    const address = to.places[0]?.address ?? '';
    if (!this.#options.pairs) throw new DroplineError('PAIRING_UNAVAILABLE');
    if (this.isBlocked(to.expectedPeerId)) throw new DroplineError('PEER_BLOCKED');
    if (this.#active || this.#refuses(address)) throw new DroplineError('PAIRING_BUSY');
    return this.#dial(to, false);
  }

  /** What nobody asked for is not shown before it has its code. */
  get awaitsCode(): boolean {
    return this.#active !== null && this.#active.pairing.code === null;
  }

  /** An offer is with a peer: the code is there when its person looks. */
  onOffered(transferId: TransferId, { id, name, address }: WirePeer, port: number): void {
    const { pairs, trust } = this.#options;
    if (!pairs || id === null || trust.isPaired(id) || this.isBlocked(id)) return;
    if (this.#active || this.#refuses(address) || this.#offered.has(transferId)) return;
    this.#offered.add(transferId);
    this.#dial({ places: [{ address, port }], expectedPeerId: id, name }, true);
  }

  /** That transfer is over. */
  forgetOffer(transferId: TransferId): void {
    this.#offered.delete(transferId);
  }

  /** Throws PAIRING_UNFINISHED where that code is not shown any more. */
  answer(pairingId: PairingId, answer: PairingAnswer): void {
    const active = this.#active;
    if (active?.pairing.pairingId !== pairingId) throw new DroplineError('PAIRING_UNFINISHED');
    const { phase } = active.pairing;
    if (answer === 'match' && phase === 'comparing') this.#show({ phase: 'matchedHere' });
    if (answer === 'match' && phase === 'matchedThere') this.#show({ phase: 'confirming' });
    this.#post(active.direction, { kind: 'answer', pairingId, answer });
  }

  /** Throws HOME_UNUSABLE. */
  async forget(peerId: PeerId): Promise<void> {
    await this.#options.trust.forget(peerId);
  }

  onEvent(direction: Direction, event: PairingEvent): void {
    if (event.kind === 'asked') {
      this.#onAsked(event);
      return;
    }
    // what was drawn counts, even where nobody waits for it any more
    if (event.kind === 'drawn') this.#lostCodes.draw(event.address, this.#options.clock.nowMs());
    const active = this.#active;
    if (active?.pairing.pairingId !== event.pairingId || active.direction !== direction) return;
    if (event.kind === 'code') this.#onCode(active, event);
    if (event.kind === 'peerMatched') {
      const weMatch = active.pairing.phase === 'matchedHere';
      this.#show({ phase: weMatch ? 'confirming' : 'matchedThere' });
    }
    if (event.kind === 'ended') void this.#onEnd(active, event.outcome);
  }

  /** The thread died, and its wires with it. */
  lost(direction: Direction): void {
    const active = this.#active;
    if (active?.direction !== direction) return;
    void this.#onEnd(active, { kind: 'failed', failure: failure('PEER_GONE') });
  }

  #dial(to: Addressee, isQuiet: boolean): PairingId {
    const { places, expectedPeerId, name } = to;
    const pairingId = newPairingId();
    const [dialled = null] = places;
    const peer = { peerId: expectedPeerId, name, address: dialled?.address ?? '' };
    this.#begin(pairingId, dialled, isQuiet, peer);
    this.#options.threads.startedSend();
    this.#post('send', { kind: 'dial', pairingId, places, expectedPeerId });
    return pairingId;
  }

  #onAsked({ pairingId, peerId, address }: EventOf<'asked'>): void {
    const code = this.#reasonToRefuse(peerId, address);
    if (code !== null) {
      this.#post('receive', { kind: 'refuse', pairingId, code });
      return;
    }
    const own = this.#active;
    if (own) {
      this.#end(own);
      const { pairingId: ownId } = own.pairing;
      this.#post('send', { kind: 'answer', pairingId: ownId, answer: 'later' });
    }
    this.#begin(pairingId, null, true, { peerId, name: address, address });
    this.#post('receive', { kind: 'admit', pairingId });
  }

  #reasonToRefuse(peerId: PeerId, address: string) {
    if (!this.#options.pairs || !this.#isVisibleTo(peerId)) return 'PAIRING_UNAVAILABLE';
    if (this.isBlocked(peerId)) return 'DECLINED';
    if (this.#refuses(address)) return 'PEER_BUSY';
    return this.#active === null || this.#givesWayTo(peerId) ? null : 'PEER_BUSY';
  }

  /** Who wants to be seen by those alone that it knows is not there for others. */
  #isVisibleTo(peerId: PeerId): boolean {
    const { store, trust } = this.#options;
    return store.state.settings.visibility === 'everyone' || trust.isPaired(peerId);
  }

  /** Two that dial each other at once: the one of the lesser id is taken, by both. */
  #givesWayTo(peerId: PeerId): boolean {
    const active = this.#active;
    if (active?.direction !== 'send' || active.pairing.phase !== 'connecting') return false;
    return active.pairing.peerId === peerId && peerId < this.#options.store.state.self.id;
  }

  #refuses(address: string): boolean {
    return this.#lostCodes.refuses(address, this.#options.clock.nowMs());
  }

  #begin(
    pairingId: PairingId,
    dialled: Place | null,
    isQuiet: boolean,
    peer: Pick<Pairing, 'peerId' | 'name' | 'address'>,
  ): void {
    const base = { pairingId, ...peer, calledLike: null, code: null } as const;
    const pairing: Pairing = { ...base, phase: 'connecting' };
    const direction = dialled ? 'send' : 'receive';
    this.#active = { pairing, direction, dialled, isQuiet, platform: 'other', meetingKey: '' };
    if (!isQuiet) this.#show({});
  }

  #onCode(active: Active, told: EventOf<'code'>): void {
    const { peerId, name, address, platform, code, meetingKey } = told;
    const { devices } = this.#options.trust;
    const clean = cleanDeviceName(name, address);
    const known = devices.find(({ id }) => id === peerId);
    const calledLike = lookalikeOf({ id: peerId, name: clean }, devices);
    this.#active = { ...active, platform, meetingKey };
    const shownName = known?.name ?? clean;
    if (active.dialled) {
      const meeting = { where: active.dialled, id: peerId, name: shownName };
      this.#options.store.apply({ kind: 'met', meeting });
    }
    this.#show({
      peerId,
      name: shownName,
      address,
      calledLike,
      code: spacedCode(code),
      phase: 'comparing',
    });
  }

  async #onEnd(active: Active, outcome: PairingOutcome): Promise<void> {
    const { log } = this.#options;
    const { peerId, name, address, phase } = active.pairing;
    log.info(`pairing ${outcome.kind}`);
    if (outcome.kind === 'paired' && peerId !== null) {
      this.#lostCodes.paired(address);
      await this.#pin(active, peerId);
    }
    this.#end(active);
    if (outcome.kind === 'mismatch' && peerId !== null) await this.#block(peerId, name);
    if (outcome.kind !== 'failed') return;
    const { code, details } = outcome.failure;
    if (phase === 'matchedHere' || phase === 'confirming') {
      this.#notice('PAIRING_UNFINISHED', { name });
    } else if (phase === 'connecting' && !active.isQuiet) {
      this.#notice(code === 'PEER_BUSY' ? 'PAIRING_BUSY' : code, details);
    }
  }

  async #pin({ pairing, platform, meetingKey }: Active, id: PeerId): Promise<void> {
    const { trust, log } = this.#options;
    const { name } = pairing;
    try {
      const before = trust.devices.find((device) => device.id === id);
      const rule = before?.rule ?? null;
      await trust.add({ id, name, platform, pairedAtMs: Date.now(), rule }, meetingKey);
    } catch (error) {
      log.warn(`paired: ${String(error)}`);
      this.#notice('HOME_UNUSABLE', {});
    }
  }

  async #block(peerId: PeerId, name: string): Promise<void> {
    const { trust, log, onBlocked } = this.#options;
    onBlocked({ id: peerId, name, isStored: false });
    this.#notice('CODE_MISMATCH', { name });
    if (!trust.isPaired(peerId)) return;
    await this.forget(peerId).catch((error: unknown) => {
      log.warn(`paired: ${String(error)}`);
    });
  }

  #notice(code: Parameters<typeof failure>[0], details: Parameters<typeof failure>[1]): void {
    this.#options.store.apply({ kind: 'noticed', failure: failure(code, details) });
  }

  #show(change: Partial<Pairing>): void {
    if (!this.#active) return;
    const pairing = { ...this.#active.pairing, ...change };
    this.#active = { ...this.#active, pairing };
    this.#options.store.apply({ kind: 'pairing', pairing });
  }

  #end({ pairing }: Active): void {
    if (this.#active?.pairing.pairingId === pairing.pairingId) this.#active = null;
    this.#options.store.apply({ kind: 'pairingEnded', pairingId: pairing.pairingId });
  }

  #post(direction: Direction, order: PairingOrder): void {
    this.#options.threads.of(direction)?.post({ kind: 'pairing', order });
  }
}
