import { failure } from '../errors.ts';
import { failedPages } from './failures.ts';
import { chooseHash } from './hash-tree.ts';
import {
  MAX_DONE_PROBLEMS,
  MAX_LANE_OFFERS,
  MAX_LIST_MEMORY_BYTES,
  MAX_MANIFEST_BYTES,
} from './limits.ts';
import { itemsCover, sameTotals, totalsAreLegal, totalsOf, withPage } from './manifest.ts';
import type { Entry, Message, MessageOf } from './messages.ts';
import { NOT_PAUSED, pauseByPeer, pauseByUs, pauseOver } from './pause.ts';
import type {
  ReceiverBase,
  ReceiverEffect,
  ReceiverInput,
  ReceiverState,
} from './receiver-state.ts';
import type { Greeting, Step } from './session.ts';
import { anyPhase, commonVersion, ended, failed, hello, send } from './session.ts';
import { problemsOf, skipsOf } from './skips.ts';
import type { Cursor } from './stream-order.ts';
import { START, takeData, takeFile, takeFileEnd, takeSpread } from './stream-order.ts';
import { NO_THUMBNAILS, askThumbnails, promisedBy, takeThumbnail } from './thumbnails.ts';

export type {
  FileProblem,
  ReceiverEffect,
  ReceiverInput,
  ReceiverState,
} from './receiver-state.ts';

/**
 * The receiver's side of a session (PROTOCOL.md §4). It trusts nothing that comes: every range is
 * checked against the offer that the person saw before the driver writes a byte of it.
 */

type ReceiverStep = Step<ReceiverState, ReceiverEffect>;
type Receiving = Extract<ReceiverState, { readonly cursor: unknown }>;

/** The side that the other dialled speaks first. */
export function createReceiver(greeting: Greeting): ReceiverStep {
  return {
    state: {
      phase: 'greeting',
      greeting,
      peerName: '',
      hash: 'sha256',
      failures: false,
      thumbnails: NO_THUMBNAILS,
    },
    effects: [send(hello(greeting))],
  };
}

export function stepReceiver(state: ReceiverState, input: ReceiverInput): ReceiverStep {
  if (state.phase === 'ended') return { state, effects: [] };
  switch (input.kind) {
    case 'message':
      return onAnyMessage(state, input.message);
    case 'data':
      return onData(state, input.bytes);
    case 'accept':
      if (state.phase !== 'offered') return { state, effects: [] };
      return accept(state, input);
    case 'decline':
      if (state.phase === 'receiving' || state.phase === 'finishing') return { state, effects: [] };
      return ended(
        state,
        { kind: 'declined', code: input.code },
        { type: 'decline', code: input.code },
      );
    case 'finished':
      if (state.phase !== 'finishing') return { state, effects: [] };
      return finished(state, input);
    case 'pause':
    case 'resume':
      if (state.phase !== 'receiving') return { state, effects: [] };
      return pauseByUs(state, input.kind === 'pause');
    case 'askThumbnails':
      return state.phase === 'offered' ? askThumbnails(state) : { state, effects: [] };
    case 'cancel':
      return ended(state, { kind: 'cancelled', by: 'us' }, { type: 'cancel' });
    case 'fault':
      return failed(state, input.code);
    case 'closed':
      return ended(state, { kind: 'failed', failure: failure(input.code) });
  }
}

function onAnyMessage(state: ReceiverState, message: Message): ReceiverStep {
  const step = anyPhase(state, message) ?? onMessage(state, message);
  if (state.phase !== 'listing' || message.type !== 'cancel') return step;
  const { transferId } = state.offer;
  return { ...step, effects: [{ kind: 'takenBack', transferId }, ...step.effects] };
}

function onMessage(state: ReceiverState, message: Message): ReceiverStep {
  switch (state.phase) {
    case 'greeting':
      return message.type === 'hello' ? greet(state, message) : violation(state);
    case 'greeted':
      return message.type === 'offer' ? onOffer(state, message) : violation(state);
    case 'listing':
      return message.type === 'entries' ? onEntries(state, message.entries) : violation(state);
    case 'offered':
      return message.type === 'thumbnail' ? takeThumbnail(state, message) : violation(state);
    case 'receiving':
      return onStream(state, message);
    case 'finishing':
      // said before the sender's verify had made it pointless
      if (message.type === 'pause' || message.type === 'resume') return { state, effects: [] };
      return violation(state);
    default:
      return violation(state);
  }
}

function greet(state: ReceiverBase, theirs: MessageOf<'hello'>): ReceiverStep {
  const hash = chooseHash(theirs.hashes, state.greeting.hashes);
  if (commonVersion(theirs.versions) === null || hash === null) {
    return failed(state, 'VERSION_UNSUPPORTED');
  }
  const failures = theirs.failures === true;
  const agreed = { hash, failures, thumbnails: promisedBy(theirs) };
  return {
    state: { ...state, ...agreed, phase: 'greeted', peerName: theirs.name },
    effects: [],
  };
}

function onOffer(state: ReceiverBase, offer: MessageOf<'offer'>): ReceiverStep {
  if (offer.files + offer.directories === 0) return violation(state);
  if (!totalsAreLegal(offer)) return failed(state, 'TOO_MANY_FILES');
  return { state: { ...state, phase: 'listing', offer, pages: null }, effects: [] };
}

function onEntries(
  state: ReceiverState & { phase: 'listing' },
  page: readonly Entry[],
): ReceiverStep {
  const { offer } = state;
  const pages = withPage(state.pages, page);
  const { entries } = pages;
  const promised = offer.files + offer.directories;
  const isTooLong = pages.pathUnits > MAX_MANIFEST_BYTES;
  if (entries.length > promised || isTooLong || entries.keptBytes > MAX_LIST_MEMORY_BYTES) {
    return failed(state, 'TOO_MANY_FILES');
  }
  if (entries.length < promised) return { state: { ...state, pages }, effects: [] };
  if (!sameTotals(totalsOf(entries), offer) || !itemsCover(offer, entries)) return violation(state);
  const { greeting, peerName, hash, failures, thumbnails } = state;
  return {
    state: { phase: 'offered', greeting, peerName, hash, failures, thumbnails, offer, entries },
    effects: [{ kind: 'ask', offer, entries, hash }],
  };
}

function accept(
  state: ReceiverState & { phase: 'offered' },
  { have, published, skip }: ReceiverInput & { kind: 'accept' },
): ReceiverStep {
  const indexes = published.flatMap((m) => m.files.map((f) => f.index));
  return {
    state: {
      ...state,
      phase: 'receiving',
      published: new Set(indexes),
      skipped: new Map(skip.map(({ index, code }) => [index, code])),
      cursor: START,
      pause: NOT_PAUSED,
      lanes: { offered: 0, port: null },
    },
    effects: [...have, ...published, ...skipsOf(skip), { type: 'ok' } as const].map(send),
  };
}

function finished(
  state: Receiving,
  { files, bytes, failed }: ReceiverInput & { kind: 'finished' },
): ReceiverStep {
  const all = problemsOf(state.skipped, failed);
  const pages = state.failures ? failedPages(all, state.skipped) : [];
  return ended(state, { kind: 'done' }, ...pages, {
    type: 'done',
    files,
    bytes,
    failedCount: all.length,
    failed: all.slice(0, MAX_DONE_PROBLEMS),
  });
}

function onData(state: ReceiverState, bytes: number): ReceiverStep {
  const cursor = state.phase === 'receiving' ? takeData(state.cursor, bytes) : null;
  if (cursor === null || state.phase !== 'receiving') return violation(state);
  return { state: at(state, cursor), effects: [{ kind: 'write', bytes }] };
}

/** Each frame of a stream comes by here: to name the fields is much quicker than to spread them. */
function at(state: Receiving, cursor: Cursor): Receiving {
  return {
    greeting: state.greeting,
    peerName: state.peerName,
    hash: state.hash,
    failures: state.failures,
    thumbnails: state.thumbnails,
    offer: state.offer,
    entries: state.entries,
    phase: state.phase,
    published: state.published,
    skipped: state.skipped,
    cursor,
    pause: state.pause,
    lanes: state.lanes,
  };
}

function onStream(state: Receiving, message: Message): ReceiverStep {
  switch (message.type) {
    case 'file': {
      const cursor = takeFile(state.cursor, message, state);
      if (cursor === null) return violation(state);
      const { index, offset, bytes } = message;
      const open: ReceiverEffect = { kind: 'openRange', index, offset, bytes };
      return { state: at(state, cursor), effects: [open] };
    }
    case 'fileEnd':
    case 'fileFailed': {
      const cursor = takeFileEnd(state.cursor, message.index, message.type === 'fileEnd', state);
      if (cursor === null) return violation(state);
      const { index } = message;
      const effect: ReceiverEffect =
        message.type === 'fileEnd'
          ? { kind: 'endFile', index, hash: message.hash }
          : { kind: 'dropFile', index, code: message.code };
      return { state: at(state, cursor), effects: [effect] };
    }
    case 'lane':
      return onLane(state, message);
    case 'spread': {
      const cursor = knowsLanes(state) ? takeSpread(state.cursor, message.index, state) : null;
      if (cursor === null) return violation(state);
      return { state: at(state, cursor), effects: [{ kind: 'spread', index: message.index }] };
    }
    case 'thumbnail': // it may have crossed with our ok
      return state.cursor === START ? takeThumbnail(state, message) : violation(state);
    case 'verify':
      return onVerify(state, message.hash);
    case 'pause':
    case 'resume':
      return pauseByPeer(state, message.type === 'pause');
    default:
      return violation(state);
  }
}

/** Nobody is made to try one port after the other. */
function onLane(state: Receiving, { port, token }: MessageOf<'lane'>): ReceiverStep {
  const { lanes } = state;
  const isSame = lanes.port === null || lanes.port === port;
  if (!knowsLanes(state) || !isSame || lanes.offered >= MAX_LANE_OFFERS) return violation(state);
  return {
    state: { ...state, lanes: { offered: lanes.offered + 1, port } },
    effects: [{ kind: 'lane', port, token }],
  };
}

function knowsLanes({ greeting }: ReceiverBase): boolean {
  return (greeting.lanes ?? 0) > 0;
}

function onVerify(state: Receiving, hash: string): ReceiverStep {
  const { offer, published, skipped, cursor } = state;
  const wanted = offer.files - published.size - skipped.size;
  if (cursor.open !== null || cursor.endedFiles !== wanted) return violation(state);
  const over = pauseOver(state);
  return {
    state: { ...over.state, phase: 'finishing' },
    effects: [...over.effects, { kind: 'finish', hash }],
  };
}

function violation(state: ReceiverBase): ReceiverStep {
  return failed(state, 'PROTOCOL_VIOLATION');
}
