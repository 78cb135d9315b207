import type { Failure } from '../../../shared/errors.ts';
import type { BlockedPeer } from '../../../shared/model/blocked-peer.ts';
import type { ListedNetwork } from '../../../shared/model/network.ts';
import type { ListedInterface } from '../../../shared/model/network-interface.ts';
import type { PairedDevice, Pairing, PairingId } from '../../../shared/model/pairing.ts';
import type { ListedPeer, Peer } from '../../../shared/model/peer.ts';
import type { Settings } from '../../../shared/model/settings.ts';
import type { Notice, Self, Snapshot } from '../../../shared/model/snapshot.ts';
import type { Transfer, TransferId } from '../../../shared/model/transfer.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import type { TransferEvent } from '../transfer/worker-messages.ts';
import { onceEach, withoutAdded } from './added-peers.ts';
import { applyCheck } from './reduce-check.ts';
import type { Meeting } from './met.ts';
import { met } from './met.ts';
import type { Pace } from './pace.ts';
import type { Times } from './reduce-transfer.ts';
import {
  applyCount,
  applyEvent,
  continuedTransfer,
  offeredTransfer,
  restoredTransfer,
} from './reduce-transfer.ts';
import { listed, withStanding } from './standing.ts';

/** Finished transfers that stay on the list; older ones are in the history file. */
const MAX_FINISHED_LISTED = 200;
/** Notices that wait to be dismissed; the oldest go first. */
const MAX_NOTICES = 50;

export interface EngineState {
  readonly self: Self;
  readonly settings: Settings;
  readonly discovered: readonly Peer[];
  /** Given by address. */
  readonly added: readonly Peer[];
  /** Newest first. */
  readonly transfers: readonly Transfer[];
  readonly pairings: readonly Pairing[];
  readonly paired: readonly PairedDevice[];
  readonly networks: readonly ListedNetwork[];
  readonly interfaces: readonly ListedInterface[];
  /** All that were found and added, as the paired devices let them look. */
  readonly peers: readonly ListedPeer[];
  readonly paces: ReadonlyMap<TransferId, Pace>;
  /** The latest last. */
  readonly blocked: readonly BlockedPeer[];
  readonly notices: readonly Notice[];
  readonly noticeCount: number;
}

export type Change =
  | { readonly kind: 'self'; readonly self: Partial<Self> }
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'discovered'; readonly peers: readonly Peer[] }
  | { readonly kind: 'peerAdded'; readonly peer: Peer }
  | { readonly kind: 'met'; readonly meeting: Meeting }
  | { readonly kind: 'peerRemoved'; readonly key: string }
  | { readonly kind: 'transferAdded'; readonly transfer: Transfer }
  | { readonly kind: 'transferDismissed'; readonly transferId: TransferId }
  | { readonly kind: 'transferUndone'; readonly transferId: TransferId }
  | {
      readonly kind: 'transferEvent';
      readonly event: TransferEvent;
      readonly times: Times;
    }
  | { readonly kind: 'blocked'; readonly blocked: readonly BlockedPeer[] }
  | { readonly kind: 'networks'; readonly networks: readonly ListedNetwork[] }
  | { readonly kind: 'interfaces'; readonly interfaces: readonly ListedInterface[] }
  | { readonly kind: 'pairing'; readonly pairing: Pairing }
  | { readonly kind: 'pairingEnded'; readonly pairingId: PairingId }
  | { readonly kind: 'paired'; readonly devices: readonly PairedDevice[] }
  | { readonly kind: 'noticed'; readonly failure: Failure }
  | { readonly kind: 'noticeDismissed'; readonly id: string };

export function initialState(
  self: Self,
  settings: Settings,
  transfers: readonly Transfer[],
  paired: readonly PairedDevice[] = [],
): EngineState {
  return {
    self,
    settings,
    discovered: [],
    added: [],
    transfers: transfers.map((transfer) => withStanding(transfer, paired)),
    pairings: [],
    paired,
    networks: [],
    interfaces: [],
    peers: [],
    paces: new Map(),
    blocked: [],
    notices: [],
    noticeCount: 0,
  };
}

/** Pure: the whole of what can happen to the state. */
export function reduce(state: EngineState, change: Change): EngineState {
  switch (change.kind) {
    case 'self':
      return { ...state, self: { ...state.self, ...change.self } };
    case 'settings':
      return { ...state, settings: change.settings };
    case 'discovered':
      return withPeers({ ...state, discovered: change.peers });
    case 'peerAdded': {
      const others = state.added.filter((peer) => peer.key !== change.peer.key);
      return withPeers({ ...state, added: [...others, change.peer] });
    }
    case 'peerRemoved':
      return withPeers({ ...state, added: withoutAdded(state.added, change.key) });
    case 'met':
      return withMet(state, change.meeting);
    case 'transferAdded':
      return added(state, withStanding(change.transfer, state.paired));
    case 'transferDismissed':
      return without(state, change.transferId);
    case 'transferUndone': {
      const { transferId } = change;
      const undone = (t: Transfer): Transfer => (t.id === transferId ? { ...t, undone: true } : t);
      return { ...state, transfers: state.transfers.map(undone) };
    }
    case 'transferEvent':
      return reduceEvent(state, change.event, change.times);
    case 'blocked':
      return { ...state, blocked: change.blocked };
    case 'networks':
      return { ...state, networks: change.networks };
    case 'interfaces':
      return { ...state, interfaces: change.interfaces };
    case 'pairing': {
      const others = state.pairings.filter((p) => p.pairingId !== change.pairing.pairingId);
      return { ...state, pairings: [...others, change.pairing] };
    }
    case 'pairingEnded':
      return {
        ...state,
        pairings: state.pairings.filter((p) => p.pairingId !== change.pairingId),
      };
    case 'paired': {
      const { devices } = change;
      const transfers = state.transfers.map((transfer) => withStanding(transfer, devices));
      return withPeers({ ...state, paired: devices, transfers });
    }
    case 'noticed': {
      const id = `n${state.noticeCount}`;
      const notices = [...state.notices, { id, failure: change.failure }];
      return { ...state, notices: notices.slice(-MAX_NOTICES), noticeCount: state.noticeCount + 1 };
    }
    case 'noticeDismissed':
      return { ...state, notices: state.notices.filter((n) => n.id !== change.id) };
  }
}

/** What faces and windows see. */
export function toSnapshot(state: EngineState): Snapshot {
  const { self, settings, networks, interfaces, peers, transfers } = state;
  const { pairings, paired, blocked, notices } = state;
  const around = { networks, interfaces, peers, pairings, paired, blocked };
  return { self, settings, ...around, transfers, notices };
}

function withPeers(state: EngineState): EngineState {
  const { discovered, added, paired } = state;
  const found = new Set(discovered.map(({ id }) => id));
  const others = onceEach(added).filter(({ id }) => id === null || !found.has(id));
  return { ...state, peers: [...discovered, ...others].map((peer) => listed(peer, paired)) };
}

function withMet(state: EngineState, meeting: Meeting): EngineState {
  const added = met(state.added, meeting);
  return added === state.added ? state : withPeers({ ...state, added });
}

function reduceEvent(state: EngineState, event: TransferEvent, times: Times): EngineState {
  const { paired } = state;
  if (event.kind === 'counts') return reduceCounts(state, event.counts, times);
  if (event.kind === 'offering' || event.kind === 'takenBack') return state;
  if (event.kind === 'superseded') return without(state, event.transferId);
  if (event.kind === 'offered') return added(state, offeredTransfer(event, times, paired));
  if (event.kind === 'restored') return added(state, restoredTransfer(event, paired));
  if (event.kind === 'continued') {
    const before = state.transfers.find((t) => t.id === event.from);
    return added(without(state, event.from), continuedTransfer(event, before, times, paired));
  }
  if (event.kind === 'checking' || event.kind === 'checked') {
    const check = (transfer: Transfer): Transfer =>
      transfer.id === event.transferId ? applyCheck(transfer, event, times.epochMs) : transfer;
    return { ...state, transfers: state.transfers.map(check) };
  }
  const transfers = state.transfers.map((transfer) =>
    transfer.id === event.transferId ? applyEvent(transfer, event, times, paired) : transfer,
  );
  const paces = new Map(state.paces);
  const pace = paces.get(event.transferId);
  if (event.kind === 'ended') paces.delete(event.transferId);
  else if (pace && event.kind !== 'prepared')
    paces.set(event.transferId, { ...pace, isHalted: true });
  const next = { ...state, transfers, paces };
  if (event.kind !== 'waiting') return next;
  // as it was dialled: what is told from now on is where that led
  const dialled = state.transfers.find(({ id }) => id === event.transferId)?.peer;
  const now = transfers.find(({ id }) => id === event.transferId)?.peer;
  if (!dialled || !now || now.id === null) return next;
  const where = { address: dialled.address, port: event.port };
  return withMet(next, { where, id: now.id, name: now.name });
}

/** In the place of one that had its id. */
function added(state: EngineState, transfer: Transfer): EngineState {
  const others = state.transfers.filter((t) => t.id !== transfer.id);
  return { ...state, transfers: capped([transfer, ...others]) };
}

function without(state: EngineState, transferId: TransferId): EngineState {
  const paces = new Map(state.paces);
  paces.delete(transferId);
  return { ...state, paces, transfers: state.transfers.filter((t) => t.id !== transferId) };
}

function reduceCounts(
  state: EngineState,
  counts: (TransferEvent & { kind: 'counts' })['counts'],
  times: Times,
): EngineState {
  const byId = new Map(counts.map((count) => [count.transferId, count]));
  const paces = new Map(state.paces);
  const transfers = state.transfers.map((transfer) => {
    const count = byId.get(transfer.id);
    if (!count) return transfer;
    const applied = applyCount(transfer, count, paces.get(transfer.id), times.nowMs);
    if (applied.pace) paces.set(transfer.id, applied.pace);
    return applied.transfer;
  });
  return { ...state, transfers, paces };
}

function capped(transfers: readonly Transfer[]): readonly Transfer[] {
  let finished = 0;
  return transfers.filter((t) => !isFinished(t) || ++finished <= MAX_FINISHED_LISTED);
}
