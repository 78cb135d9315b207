import { parseArgs } from 'node:util';
import { startDiscovery } from '../../electron/engine/discovery/discovery.ts';
import type { PeerId } from '../../shared/model/peer.ts';

/**
 * A host's whole program for the discovery tests: announces one device, writes what it hears as one
 * object a line, and says goodbye when its input ends.
 */
const { values } = parseArgs({
  options: {
    id: { type: 'string', default: '' },
    name: { type: 'string', default: '' },
    port: { type: 'string', default: '1' },
    interface: { type: 'string' },
    ttl: { type: 'string' },
  },
});

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const discovery = startDiscovery({
  workers: new URL('./', import.meta.url),
  announce: {
    id: values.id as PeerId,
    name: values.name,
    platform: 'linux',
    port: Number(values.port),
    isVeiled: false,
  },
  paired: [],
  interface: values.interface ?? null,
  ...(values.ttl === undefined ? {} : { maxTtlSeconds: Number(values.ttl) }),
  onPeers: (peers) => say({ event: 'peers', peers }),
  onFailure: (failure) => say({ event: 'failed', failure }),
  onStarted: () => say({ event: 'started' }),
  onTrouble: (reason) => say({ event: 'trouble', reason }),
});

process.stdout.on('error', () => process.exit(1));
process.stdin.resume();
process.stdin.on('end', () => {
  void discovery.stop().then(() => say({ event: 'stopped' }));
});
