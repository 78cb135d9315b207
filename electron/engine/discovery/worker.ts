import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { MAX_TTL_SECONDS } from '../../../shared/protocol/limits.ts';
import type { DiscoveryEvent, DiscoveryRequest } from './discovery-messages.ts';
import { Mdns } from './mdns.ts';
import { PeerTable } from './peer-table.ts';
import { PeerFeed } from './peer-feed.ts';

/** Silence is noticed at this grain. */
const SWEEP_MS = 500;
const MAX_TROUBLES = 50;

type Start = Extract<DiscoveryRequest, { kind: 'start' }>;

interface Running {
  readonly table: PeerTable;
  readonly mdns: Mdns;
  readonly feed: PeerFeed;
  readonly sweep: NodeJS.Timeout;
}

if (parentPort === null) throw new Error('this file is the entry of a worker thread');
const port = parentPort;
let running: Running | null = null;
/** What was asked to be announced last: we are not our own peer. */
let self: Start['announce'] = null;

function tell(event: DiscoveryEvent): void {
  port.postMessage(event);
}

function start(request: Start): Running {
  const maxTtlSeconds = Math.min(request.maxTtlSeconds, MAX_TTL_SECONDS);
  const nowMs = () => performance.now();
  const table = new PeerTable(maxTtlSeconds);
  table.setKnown(request.paired.map(({ id }) => id));
  const feed = new PeerFeed(
    () => table.peers(self?.id ?? null),
    (peers) => tell({ kind: 'peers', peers }),
  );
  const mdns = new Mdns({
    announce: request.announce,
    paired: request.paired,
    interface: request.interface,
    maxTtlSeconds,
    openUdp: (family) =>
      family === 'IPv4'
        ? createSocket({ type: 'udp4', reuseAddr: true })
        : createSocket({ type: 'udp6', reuseAddr: true, ipv6Only: true }),
    interfaces: networkInterfaces,
    nowMs,
    onSightings: (sightings) => {
      for (const sighting of sightings) table.see(sighting, nowMs());
      feed.changed();
    },
    onStarted: () => tell({ kind: 'started' }),
    onFailed: (failure) => tell({ kind: 'failed', failure }),
    onTrouble: onceEach((reason) => tell({ kind: 'trouble', reason })),
  });
  const sweep = setInterval(() => {
    table.sweep(nowMs());
    feed.changed();
  }, SWEEP_MS);
  return { table, mdns, feed, sweep };
}

/** A network that is away fails at every packet; the log needs to hear it once. */
function onceEach(report: (reason: string) => void): (reason: string) => void {
  const seen = new Set<string>();
  return (reason) => {
    if (seen.has(reason) || seen.size >= MAX_TROUBLES) return;
    seen.add(reason);
    report(reason);
  };
}

async function stop(): Promise<void> {
  if (running !== null) {
    clearInterval(running.sweep);
    await running.mdns.stop();
    running.feed.stop();
  }
  tell({ kind: 'stopped' });
  port.close();
}

port.on('message', (request: DiscoveryRequest) => {
  switch (request.kind) {
    case 'start':
      self = request.announce;
      running ??= start(request);
      break;
    case 'interface':
      running?.table.clear();
      running?.mdns.setInterface(request.interface);
      running?.feed.changed();
      break;
    case 'announce':
      self = request.announce;
      running?.mdns.setAnnounce(request.announce);
      running?.feed.changed();
      break;
    case 'paired':
      running?.table.setKnown(request.paired.map(({ id }) => id));
      running?.mdns.setPaired(request.paired);
      break;
    case 'tellHeard':
      tell({ kind: 'heard', ...(running?.mdns.heard ?? { own: 0, others: 0 }) });
      break;
    case 'stop':
      void stop();
      break;
  }
});
