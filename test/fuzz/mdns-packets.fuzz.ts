import fc from 'fast-check';
import { PacketGate } from '../../electron/engine/discovery/packet-gate.ts';
import { PeerTable } from '../../electron/engine/discovery/peer-table.ts';
import { readSightings } from '../../electron/engine/discovery/sightings.ts';
import { MAX_PEERS, MAX_TTL_SECONDS } from '../../shared/protocol/limits.ts';
import { encodeAnnouncement, instanceName } from '../../shared/protocol/announcement.ts';
import { idOf } from '../engine/discovery/fake-network.ts';
import { fuzz } from '../support/fuzz.ts';

/** Whatever a packet is made of, nothing is thrown, the list keeps its bounds, and all of it expires. */

const id = fc.integer({ min: 0, max: 3 }).map(idOf);
const ttl = fc.oneof(fc.constantFrom(0, 1, 120, 4_294_967_295, -1, NaN), fc.integer());
const name = fc.oneof(
  id.map((one) => `${instanceName(one)}._dropline._tcp.local`),
  fc.constantFrom('__proto__', 'constructor', '._dropline._tcp.local', ''),
  fc.string(),
);
const txt = fc.oneof(
  id.map((one) => encodeAnnouncement({ version: 1, id: one, name: 'x', platform: 'linux' })),
  fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
);
const record = fc.oneof(
  fc.record({ type: fc.constant('TXT'), name, ttl, data: fc.oneof(txt, fc.anything()) }),
  fc.record({
    type: fc.constant('SRV'),
    name,
    ttl,
    data: fc.oneof(
      fc.record({ port: fc.oneof(fc.integer(), fc.anything()), target: fc.string() }),
      fc.anything(),
    ),
  }),
  fc.record({ type: fc.constantFrom('A', 'AAAA'), name, ttl, data: fc.anything() }),
  fc.anything(),
);
const packet = fc.oneof(
  fc.record({ answers: fc.array(record), additionals: fc.array(record) }),
  fc.record({ answers: fc.anything(), additionals: fc.anything() }),
  fc.anything(),
);
const source = fc.constantFrom('10.0.0.1', '10.0.0.2', 'fe80::1%eth0');

fuzz(
  'mdns-packets',
  fc.property(
    fc.array(fc.tuple(packet, source, fc.nat(2_000)), { maxLength: 20 }),
    fc.uint8Array({ maxLength: 600 }),
    (packets, wire) => {
      const table = new PeerTable();
      let nowMs = 0;
      for (const [one, from, waitMs] of packets) {
        nowMs += waitMs;
        table.sweep(nowMs);
        for (const sighting of readSightings(one, from, () => null)) table.see(sighting, nowMs);
      }
      for (const { port, addresses, elsewhere = [] } of table.peers(null)) {
        const ports = [port, ...elsewhere.map((place) => place.port)];
        if (!ports.every((n) => Number.isInteger(n) && n > 0 && n <= 65_535)) {
          throw new Error(`a port is ${ports.join()}`);
        }
        if (addresses.length === 0) throw new Error('a device without an address');
      }
      if (table.peers(null).length > MAX_PEERS) throw new Error('more than the list holds');
      table.sweep(nowMs + MAX_TTL_SECONDS * 1000);
      if (table.peers(null).length > 0) throw new Error('something never expires');
      if (({} as { hint?: unknown }).hint !== undefined) throw new Error('a prototype is changed');
      new PacketGate().admits(Buffer.from(wire), '10.0.0.1', 0);
    },
  ),
);
