import { Worker } from 'node:worker_threads';
import type { Failure } from '../../../shared/errors.ts';
import { failure } from '../../../shared/errors.ts';
import type { Peer } from '../../../shared/model/peer.ts';
import { MAX_TTL_SECONDS } from '../../../shared/protocol/limits.ts';
import type {
  Acquaintance,
  Announcement,
  DiscoveryEvent,
  DiscoveryRequest,
  Heard,
} from './discovery-messages.ts';

/** A worker that does not answer by then is ended without a goodbye. */
const STOP_TIMEOUT_MS = 900;
const HEARD_TIMEOUT_MS = 1_000;

export interface DiscoveryOptions {
  /** Directory of the built workers, as a file: URL that ends in a slash. */
  readonly workers: URL;
  /** null: looks around without being seen. */
  readonly announce: Announcement | null;
  readonly paired: readonly Acquaintance[];
  /** Name or address of the one interface to use; null: all. */
  readonly interface: string | null;
  readonly maxTtlSeconds?: number;
  readonly onPeers: (peers: readonly Peer[]) => void;
  /** ADDRESS_UNAVAILABLE or DISCOVERY_FAILED; the rest of the program goes on without discovery. */
  readonly onFailure: (failure: Failure) => void;
  /** It works; also after a failure, when the network came back. */
  readonly onStarted?: () => void;
  /** A line for the log. */
  readonly onTrouble?: (reason: string) => void;
}

export interface Discovery {
  setAnnounce(announce: Announcement | null): void;
  /** Another one, or all: whoever was found before is found again, or not. */
  setInterface(name: string | null): void;
  setPaired(paired: readonly Acquaintance[]): void;
  /** Whose packets arrive; null: the worker does not answer. */
  heard(): Promise<Heard | null>;
  /** Says goodbye; done within a second, whatever the network does. */
  stop(): Promise<void>;
}

/** Finds peers in a thread of its own, which never keeps the process alive. */
export function startDiscovery(options: DiscoveryOptions): Discovery {
  const worker = new Worker(new URL('./discovery-worker.js', options.workers));
  worker.unref();
  let isStopping = false;
  let isGone = false;
  let stopped: Promise<void> | null = null;

  const tell = (request: DiscoveryRequest) => worker.postMessage(request);
  const lost = (reason: string) => {
    if (isGone || isStopping) return;
    isGone = true;
    options.onPeers([]);
    options.onFailure(failure('DISCOVERY_FAILED', { reason }));
  };
  worker.on('message', (event: DiscoveryEvent) => {
    if (!isStopping) report(event, options);
  });
  worker.on('error', (error) => lost(error instanceof Error ? error.message : String(error)));
  worker.once('exit', (code) => lost(`the worker ended with ${code}`));

  tell({
    kind: 'start',
    announce: options.announce,
    paired: options.paired,
    interface: options.interface,
    maxTtlSeconds: options.maxTtlSeconds ?? MAX_TTL_SECONDS,
  });

  const stop = async (): Promise<void> => {
    isStopping = true;
    if (isGone) return;
    worker.ref();
    await answerTo(() => tell({ kind: 'stop' }), worker);
    await worker.terminate();
  };
  return {
    setAnnounce: (announce) => tell({ kind: 'announce', announce }),
    setInterface: (name) => tell({ kind: 'interface', interface: name }),
    setPaired: (paired) => tell({ kind: 'paired', paired }),
    heard: () =>
      isGone || isStopping
        ? Promise.resolve(null)
        : heardBy(() => tell({ kind: 'tellHeard' }), worker),
    stop: () => (stopped ??= stop()),
  };
}

function report(event: DiscoveryEvent, options: DiscoveryOptions): void {
  switch (event.kind) {
    case 'peers':
      options.onPeers(event.peers);
      break;
    case 'failed':
      options.onFailure(event.failure);
      break;
    case 'started':
      options.onStarted?.();
      break;
    case 'trouble':
      options.onTrouble?.(event.reason);
      break;
    case 'heard':
    case 'stopped':
      break;
  }
}

function heardBy(ask: () => void, worker: Worker): Promise<Heard | null> {
  return new Promise((resolve) => {
    const settle = (heard: Heard | null) => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      resolve(heard);
    };
    const onMessage = (event: DiscoveryEvent) => {
      if (event.kind === 'heard') settle({ own: event.own, others: event.others });
    };
    const timer = setTimeout(() => settle(null), HEARD_TIMEOUT_MS);
    worker.on('message', onMessage);
    ask();
  });
}

/** Until the worker says that it has stopped, or has ended, or is past its time. */
function answerTo(ask: () => void, worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, STOP_TIMEOUT_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    worker.once('exit', done);
    worker.on('message', (event: DiscoveryEvent) => {
      if (event.kind === 'stopped') done();
    });
    ask();
  });
}
