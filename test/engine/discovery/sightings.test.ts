import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSightings as read } from '../../../electron/engine/discovery/sightings.ts';
import { encodeAnnouncement, SERVICE_DOMAIN } from '../../../shared/protocol/announcement.ts';
import { ID } from './fake-network.ts';

const NAME = `dropline-1.${SERVICE_DOMAIN}`;
const HINT = { version: 1, id: ID, name: 'desk', platform: 'linux' } as const;
const TXT = Object.entries(encodeAnnouncement(HINT)).map(([k, v]) => Buffer.from(`${k}=${v}`));

const ptr = { type: 'PTR', name: SERVICE_DOMAIN, ttl: 28800, data: NAME };
const srv = { type: 'SRV', name: NAME, ttl: 120, data: { port: 4000, target: 'Host.local' } };
const txt = { type: 'TXT', name: NAME.toUpperCase(), ttl: 4500, data: TXT };
const a = { type: 'A', name: 'host.local', ttl: 120, data: '10.0.0.5' };

const readSightings = (packet: unknown, source: string) => read(packet, source, () => null);

describe('reading a response', () => {
  it('puts the records of a device together, wherever they stand', () => {
    const expected = [
      { hint: HINT, source: '10.0.0.1', port: 4000, addresses: ['10.0.0.5'], ttlSeconds: 120 },
    ];
    expect(readSightings({ answers: [ptr, srv, txt, a], additionals: [] }, '10.0.0.1')).toEqual(
      expected,
    );
    expect(readSightings({ answers: [ptr], additionals: [a, txt, srv] }, '10.0.0.1')).toEqual(
      expected,
    );
  });

  it('takes any record without time to live for a goodbye', () => {
    const [sighting] = readSightings({ answers: [{ ...srv, ttl: 0 }, txt], additionals: [] }, 'x');
    expect(sighting?.ttlSeconds).toBe(0);
  });

  it('passes over what is not whole or not ours', () => {
    const bad = [
      [srv],
      [txt],
      [{ ...srv, data: { port: 0, target: 'x' } }, txt],
      [{ ...srv, data: { port: 65536, target: 'x' } }, txt],
      [{ ...srv, data: { port: '1', target: 'x' } }, txt],
      [srv, { ...txt, data: 'id=1' }],
      [
        { ...srv, name: 'dropline-1._ipp._tcp.local' },
        { ...txt, name: 'dropline-1._ipp._tcp.local' },
      ],
    ];
    for (const answers of bad) expect(readSightings({ answers, additionals: [] }, 'x')).toEqual([]);
  });

  it('never throws, whatever was decoded', () => {
    const value = fc.oneof(fc.anything(), fc.constant(TXT), fc.constantFrom('10.0.0.1', NAME));
    const record = fc.record({
      type: fc.constantFrom('A', 'AAAA', 'SRV', 'TXT', 'PTR', '__proto__'),
      name: fc.constantFrom(NAME, 'host.local', '__proto__', `constructor.${SERVICE_DOMAIN}`),
      ttl: fc.oneof(fc.integer(), fc.anything()),
      data: value,
    });
    const section = fc.oneof(fc.anything(), fc.array(fc.oneof(record, fc.anything())));
    const packet = fc.oneof(fc.anything(), fc.record({ answers: section, additionals: section }));
    fc.assert(
      fc.property(packet, (decoded) => {
        for (const sighting of readSightings(decoded, 'x')) {
          expect(sighting.port).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
