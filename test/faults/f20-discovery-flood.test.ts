import { performance } from 'node:perf_hooks';
import { Mdns } from '../../electron/engine/discovery/mdns.ts';
import { PeerTable } from '../../electron/engine/discovery/peer-table.ts';
import {
  MAX_MDNS_PACKETS_PER_SECOND,
  MAX_PEERS,
  MAX_TTL_SECONDS,
} from '../../shared/protocol/limits.ts';
import {
  ANNOUNCEMENT,
  FakeUdp,
  ID,
  ONE_CARD,
  forged,
  idOf,
} from '../engine/discovery/fake-network.ts';
import { promise } from './support/matrix.ts';
import type { Random } from './support/random.ts';

/** If this fails, one host on the network empties, fills or falsifies the list of devices. */

const SERVICES = 20_000;
const FRIEND_AT = '192.168.1.9';
/** So many are read from a socket before anything else has its turn. */
const PACKETS_PER_TURN = 32;
/** Far above what it takes (a second in a quiet hour): a search that grows with the square takes minutes. */
const MOST_CPU_MS = 30_000;
const TTL_120 = Buffer.from('00000078', 'hex');
const TTL_MOST = Buffer.from('7fffffff', 'hex');

function withTtl(packet: Buffer, ttl: Buffer): Buffer {
  const changed = Buffer.from(packet);
  for (let at = changed.indexOf(TTL_120); at >= 0; at = changed.indexOf(TTL_120, at + 4)) {
    ttl.copy(changed, at);
  }
  return changed;
}

async function announced(): Promise<Buffer> {
  const udp = new FakeUdp();
  const said = new Promise<Buffer>((resolve) => {
    udp.on('sent', (message: Buffer) => {
      if ((message.readUInt16BE(2) & 0x8000) !== 0) resolve(message);
    });
  });
  const mdns = station(udp, new PeerTable(), () => 0, true);
  const packet = await said;
  await mdns.stop();
  return packet;
}

function station(udp: FakeUdp, table: PeerTable, nowMs: () => number, announces = false): Mdns {
  return new Mdns({
    announce: announces ? ANNOUNCEMENT : null,
    paired: [],
    interface: null,
    maxTtlSeconds: MAX_TTL_SECONDS,
    openUdp: (family) => (family === 'IPv4' ? udp : new FakeUdp()).asSocket(),
    interfaces: () => ONE_CARD,
    nowMs,
    onSightings: (sightings) => {
      for (const sighting of sightings) table.see(sighting, nowMs());
    },
    onStarted: () => udp.emit('started'),
    onFailed: () => undefined,
    onTrouble: () => undefined,
  });
}

interface Heard {
  readonly packet: Buffer;
  readonly from: string;
  readonly isOfFriend: boolean;
}

/** A host says that a device is there; some say that the friend is gone, or is with them. */
function forgery(template: Buffer, n: number, random: Random, hosts: number, friendFrom: number) {
  const from = `192.168.1.${10 + (n % hosts)}`;
  const ttl = random.pick([TTL_120, TTL_MOST]);
  const heard: Heard[] = [
    { packet: withTtl(forged(template, idOf(n)), ttl), from, isOfFriend: false },
  ];
  const isOfFriend = true;
  const ofFriend = { packet: template, from: FRIEND_AT, isOfFriend };
  if (n === friendFrom) heard.push(ofFriend);
  if (n > friendFrom && n % 50 === 0) {
    const goodbye = { packet: withTtl(template, Buffer.alloc(4)), from, isOfFriend };
    heard.push(goodbye, { packet: template, from, isOfFriend }, ofFriend);
  }
  return heard;
}

/** What the packets cost, apart from making them. */
class Cost {
  #cpuUs = 0;
  #longestMs = 0;

  of(work: () => void): void {
    const [cpu, startedMs] = [process.cpuUsage(), performance.now()];
    work();
    this.#longestMs = Math.max(this.#longestMs, performance.now() - startedMs);
    const { user, system } = process.cpuUsage(cpu);
    this.#cpuUs += user + system;
  }

  get cpuMs(): number {
    return Math.round(this.#cpuUs / 1000);
  }

  get words(): string {
    return `${this.cpuMs} ms of the processor, longest turn ${this.#longestMs.toFixed(1)} ms`;
  }
}

promise({
  id: 'F20',
  says: 'forged announcements fill no more than the list, and neither hide, move nor remove a friend',
  quick: SERVICES,
  full: 10 * SERVICES,
  patienceMs: 120_000,
  run: async (random, trial) => {
    const template = await announced();
    const table = new PeerTable();
    table.setKnown([ID]);
    let nowMs = 0;
    const udp = new FakeUdp();
    const started = new Promise((resolve) => udp.once('started', resolve));
    const mdns = station(udp, table, () => nowMs);
    trial.atEnd(() => mdns.stop());
    await started;
    const friendFrom = random.int(0, SERVICES - 1);
    const hosts = random.pick([1, 4, 200]);
    const cost = new Cost();
    let count = 0;
    for (let n = 0; n < SERVICES; n += PACKETS_PER_TURN) {
      // half a second too many for the gate now and then: what it drops is not looked at
      nowMs += random.int(100, 320);
      const turn = Array.from({ length: PACKETS_PER_TURN }, (_, at) =>
        forgery(template, n + at, random, hosts, friendFrom),
      ).flat();
      // what is said of the friend comes in a second of its own: who fills one has that one alone
      const own = turn.findIndex(({ isOfFriend }) => isOfFriend);
      cost.of(() => {
        for (const [at, { packet, from }] of turn.entries()) {
          if (at === own) nowMs += 1_000;
          udp.hear(packet, from);
        }
        table.sweep(nowMs);
      });
      count += turn.length;
      await new Promise(setImmediate);
    }
    trial.note(cost.words);
    if (process.env['VITEST'] === undefined) console.log(`F20: ${cost.words}`);
    if (cost.cpuMs > MOST_CPU_MS) throw new Error(`${cost.cpuMs} ms`);
    const decoded = count - mdns.dropped;
    const most = MAX_MDNS_PACKETS_PER_SECOND * (Math.ceil(nowMs / 1_000) + 1);
    if (decoded > most) throw new Error(`${decoded} packets were decoded, not ${most} at most`);
    table.sweep(nowMs);
    const peers = table.peers(null);
    if (peers.length > MAX_PEERS) throw new Error(`${peers.length} are listed`);
    if (friendFrom < SERVICES - 100) {
      const friend = peers.find(({ id }) => id === ID);
      if (!friend?.addresses.includes(FRIEND_AT)) throw new Error(JSON.stringify(friend ?? null));
    }
    table.sweep(nowMs + MAX_TTL_SECONDS * 1000);
    if (table.peers(null).length > 0) throw new Error('what nobody says any more stays');
    return SERVICES;
  },
});
