import type { ErrorCode } from '../../shared/errors.ts';
import { failure } from '../../shared/errors.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { AcceptRule, OfferFacts, Permission } from '../../shared/model/permission.ts';
import { permissionFor } from '../../shared/model/permission.ts';
import { usableDirectory } from './handles.ts';
import type { History } from './history.ts';
import type { Log } from './log.ts';
import type { Pairings } from './pairings.ts';
import type { PromptEffect } from './prompts.ts';
import { Prompts } from './prompts.ts';
import { Refusals } from './refusals.ts';
import type { Store } from './state/store.ts';
import type { Clock } from './transfer/ports.ts';
import type { TransferEvent } from './transfer/worker-messages.ts';
import type { Trust } from './trust.ts';
import { Unanswered } from './unanswered.ts';
import type { UnfinishedSends } from './unfinished-sends.ts';

type Offered = Extract<TransferEvent, { kind: 'offered' }>;

export interface TransferEventsOptions {
  readonly store: Store;
  readonly trust: Trust;
  readonly pairings: Pairings;
  readonly history: History;
  readonly log: Log;
  readonly clock: Clock;
  /** How long a device is not heard after its first no. */
  readonly declineBackOffMs: number;
  readonly unfinished: UnfinishedSends | null;
  readonly accept: () => AcceptPolicy;
  /** `directory` null: the folder of the settings. */
  readonly onAccept: (transferId: TransferId, directory: string | null) => void;
  readonly isOnTrustedNetwork: (address: string) => Promise<boolean>;
  /** It waits for a person, who wants to know what accepting would do. */
  readonly onAsk: (transferId: TransferId) => void;
  readonly onDecline: (transferId: TransferId, code: ErrorCode) => void;
  /** Of what is received under the id of a send of ours. */
  readonly onTakenId: (transferId: TransferId) => void;
  /** Of a text that was accepted here, or might have been. */
  readonly onTextLost: (transferId: TransferId) => void;
  /** Of our sends: nothing may go on with whoever answers there. */
  readonly onBlocked: (transferId: TransferId) => void;
}

/** Turns what the two transfer threads say into changes of the store, and does what follows from it. */
export class TransferEvents {
  readonly #options: TransferEventsOptions;
  readonly #prompts: Prompts;
  readonly refusals: Refusals;
  readonly #unanswered = new Unanswered();
  /** Offers that wait behind another one of the same device. */
  readonly #queued = new Map<TransferId, Offered>();

  constructor(options: TransferEventsOptions) {
    this.#options = options;
    this.refusals = new Refusals(options);
    this.#prompts = new Prompts(options.clock, options.declineBackOffMs);
  }

  onEvent(direction: Transfer['direction'], told: TransferEvent): void {
    const { unfinished } = this.#options;
    const event = direction === 'send' && unfinished ? unfinished.onEvent(told) : told;
    if (event === null || event.kind === 'offering' || event.kind === 'takenBack') return;
    if (event.kind === 'counts') {
      const counts = event.counts.filter(
        ({ transferId }) => !this.#isOfOtherDirection(direction, transferId),
      );
      if (counts.length > 0) this.#apply({ kind: 'counts', counts });
      return;
    }
    if (this.#isOfOtherDirection(direction, event.transferId)) {
      this.#onTakenId(event);
      return;
    }
    if (event.kind !== 'pictures') this.#log(event);
    if (event.kind === 'offered') this.#onOffer(event);
    else if (event.kind === 'ended') this.#onEnd(event);
    else this.#apply(event);
    if (event.kind === 'waiting') this.#onWaiting(event);
  }

  /** A person has answered, or has ended it without a word (null). */
  answered(transferId: TransferId, accepted: boolean | null): void {
    if (!this.#prompts.has(transferId)) return;
    this.#unanswered.forget(transferId);
    if (accepted === true) this.#perform(this.#prompts.accepted(transferId));
    else if (accepted === false) this.#perform(this.#prompts.declined(transferId));
  }

  /** Declines what waits of a device. */
  refuse(peerId: PeerId): void {
    this.#perform(this.#prompts.refuse(peerId));
  }

  /** The thread that held the offers is gone. */
  lostOffers(): void {
    this.#queued.clear();
    this.#prompts.clear();
  }

  /** Whoever receives our offer knows its id: offered back to us, it may not stand for ours. */
  #isOfOtherDirection(direction: Transfer['direction'], transferId: TransferId): boolean {
    const known = this.#transfer(transferId);
    return known !== undefined && known.direction !== direction;
  }

  /** What nobody here could see or stop ends at once, and with it what went on under that id. */
  #onTakenId(event: Exclude<TransferEvent, { kind: 'counts' }>): void {
    const { onDecline, onTakenId } = this.#options;
    if (event.kind === 'offered') onDecline(event.transferId, 'PEER_BUSY');
    if (event.kind !== 'continued' && event.kind !== 'restored') return;
    onTakenId(event.transferId);
    if (event.kind === 'restored') return;
    const outcome = { kind: 'failed', failure: failure('PROTOCOL_VIOLATION') } as const;
    this.onEvent('receive', { kind: 'ended', transferId: event.from, outcome });
  }

  #transfer(transferId: TransferId): Transfer | undefined {
    return this.#options.store.state.transfers.find((t) => t.id === transferId);
  }

  #isPaired(event: TransferEvent): boolean {
    return 'peer' in event && this.#options.trust.isPaired(event.peer.id);
  }

  #apply(event: TransferEvent): void {
    const { store, clock } = this.#options;
    const times = { nowMs: clock.nowMs(), epochMs: Date.now() };
    store.apply({ kind: 'transferEvent', event, times });
  }

  /** It is known now who answers at an address. */
  #onWaiting({ transferId, peer, port }: Extract<TransferEvent, { kind: 'waiting' }>): void {
    const { pairings, onBlocked } = this.#options;
    if (pairings.isBlocked(peer.id)) onBlocked(transferId);
    else pairings.onOffered(transferId, peer, port);
  }

  /** Accepting by itself is an answer given at once, and nothing else. */
  #onOffer(event: Offered): void {
    const { onDecline, pairings } = this.#options;
    if (pairings.isBlocked(event.peer.id)) {
      onDecline(event.transferId, 'DECLINED');
      return;
    }
    const { rule } = this.#factsOf(event);
    if (rule === null) this.#answer(event, permissionFor(this.#factsOf(event)));
    else void this.#answerByRule(event, rule);
  }

  /** A rule counts on trusted networks, where its folder is there; else the person is asked. */
  async #answerByRule(event: Offered, rule: AcceptRule): Promise<void> {
    this.#queued.set(event.transferId, event);
    const isOnTrustedNetwork = await this.#options.isOnTrustedNetwork(event.peer.address);
    const isThere = rule.directory === null || (await isUsable(rule.directory));
    // it has ended meanwhile, and another offer may have come with its id, over another network
    if (this.#queued.get(event.transferId) !== event) return;
    this.#queued.delete(event.transferId);
    const facts = { ...this.#factsOf(event), isOnTrustedNetwork };
    this.#answer(event, permissionFor(isThere ? facts : { ...facts, rule: null }));
  }

  #factsOf(event: Offered): OfferFacts {
    const { peer, totals, mode } = event;
    const { accept, store, trust } = this.#options;
    const device = trust.devices.find(({ id }) => id === peer.id);
    return {
      policy: accept(),
      visibility: mode === 'plain' ? 'everyone' : store.state.settings.visibility,
      isPaired: device !== undefined,
      rule: device?.rule ?? null,
      bytes: totals.bytes,
      underWay: store.state.transfers.filter((one) => isUnderWay(one, event)).length,
      isOnTrustedNetwork: false,
    };
  }

  #answer(event: Offered, permission: Permission): void {
    const { transferId, peer } = event;
    const isPaired = this.#isPaired(event);
    if (permission.kind === 'accept') {
      this.#apply(event);
      // a text goes to no folder of a person's
      const directory = event.content === undefined ? permission.directory : null;
      this.#options.onAccept(transferId, directory);
    } else if (permission.kind === 'decline') {
      this.#unanswered.expect(event, isPaired);
      this.#apply(event);
      this.#options.onDecline(transferId, 'DECLINED');
    } else {
      this.#queued.set(transferId, event);
      const { address } = peer;
      this.#perform(this.#prompts.ask({ transferId, peerId: peer.id, address, isPaired }));
    }
  }

  #perform(effects: readonly PromptEffect[]): void {
    for (const effect of effects) {
      const event = this.#queued.get(effect.transferId);
      this.#queued.delete(effect.transferId);
      if (effect.kind === 'decline') this.#options.onDecline(effect.transferId, effect.code);
      else if (event) {
        this.#unanswered.expect(event, this.#isPaired(event));
        this.#apply(event);
        if (event.content === undefined) this.#options.onAsk(effect.transferId);
      }
    }
  }

  /** What nobody answered leaves one line a device at most, and none in the history. */
  #onEnd(event: Extract<TransferEvent, { kind: 'ended' }>): void {
    const { store, pairings } = this.#options;
    const { transferId } = event;
    pairings.forgetOffer(transferId);
    this.#queued.delete(transferId);
    this.#apply(event);
    this.#tellLostText(transferId);
    const { isUnanswered, dismissed } = this.#unanswered.ended(transferId);
    for (const earlier of dismissed)
      store.apply({ kind: 'transferDismissed', transferId: earlier });
    if (!isUnanswered) this.#remember(transferId);
    this.#perform(this.#prompts.leave(transferId));
  }

  #tellLostText(transferId: TransferId): void {
    const transfer = this.#transfer(transferId);
    if (transfer?.direction !== 'receive' || transfer.content === undefined) return;
    if (isFinished(transfer) && transfer.phase !== 'delivered')
      this.#options.onTextLost(transferId);
  }

  #remember(transferId: TransferId): void {
    const { history, log } = this.#options;
    const transfer = this.#transfer(transferId);
    if (!transfer || !isFinished(transfer)) return;
    history.add(transfer).catch((error: unknown) => {
      log.warn(`history: ${String(error)}`);
    });
  }

  #log(event: Exclude<TransferEvent, { kind: 'counts' | 'offering' }>): void {
    const outcome = event.kind === 'ended' ? ` ${event.outcome.kind}` : '';
    this.#options.log.info(`${event.transferId} ${event.kind}${outcome}`);
  }
}

async function isUsable(directory: string): Promise<boolean> {
  return usableDirectory(directory).then(
    () => true,
    () => false,
  );
}

/** Those accepted a moment ago still look as if they waited: they count. */
function isUnderWay(transfer: Transfer, { peer, transferId }: Offered): boolean {
  const isTheirs = transfer.direction === 'receive' && transfer.peer.id === peer.id;
  return isTheirs && transfer.id !== transferId && !isFinished(transfer);
}
