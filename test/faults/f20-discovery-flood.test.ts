import { Mdns } from '../../electron/engine/discovery/mdns.ts';
import { PeerTable } from '../../electron/engine/discovery/peer-table.ts';
import { MAX_PEERS, MAX_TTL_SECONDS } from '../../shared/protocol/limits.ts';
import {
  ANNOUNCEMENT,
  FakeUdp,
  ID,
  ONE_CARD,
  forged,
  idOf,
} from '../engine/discovery/fake-network.ts';
import { promise } from './support/matrix.ts';
import { StopWatch } from './support/stalls.ts';

/** If this fails, one host on the network empties, fills or falsifies the list of devices. */

const SERVICES = 20_000;
const FRIEND_AT = '192.168.1.9';
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
    const watch = new StopWatch();
    const before = process.cpuUsage();
    const hosts = random.pick([1, 4, 200]);
    for (let n = 0; n < SERVICES; n++) {
      // half a second too many for the gate now and then: what it drops is not looked at
      if (n % 100 === 0) nowMs += random.int(300, 1_000);
      const evil = `192.168.1.${10 + (n % hosts)}`;
      const ttl = random.pick([TTL_120, TTL_MOST]);
      udp.hear(withTtl(forged(template, idOf(n)), ttl), evil);
      if (n === friendFrom) {
        nowMs += 1_000;
        udp.hear(template, FRIEND_AT);
      }
      // others say that the friend is gone, or is with them
      if (n > friendFrom && n % 50 === 0) {
        nowMs += 1_000;
        udp.hear(withTtl(template, Buffer.alloc(4)), evil);
        udp.hear(template, evil);
        udp.hear(template, FRIEND_AT);
      }
      if (n % 1_000 === 0) {
        table.sweep(nowMs);
        // the timers and ticks of the loop have their turn
        await new Promise(setImmediate);
      }
    }
    const cpu = process.cpuUsage(before);
    const cpuMs = (cpu.user + cpu.system) / 1000;
    watch.ms();
    trial.note(`${Math.round(cpuMs)} ms of the processor, stood ${Math.round(watch.longestMs)} ms`);
    if (process.env['VITEST'] === undefined) {
      console.log(
        `F20: ${Math.round(cpuMs)} ms CPU, longest stall ${Math.round(watch.longestMs)} ms`,
      );
      if (cpuMs > MOST_CPU_MS) throw new Error(`${cpuMs} ms`);
    }
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
