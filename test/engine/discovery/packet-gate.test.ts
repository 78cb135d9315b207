import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketGate } from '../../../electron/engine/discovery/packet-gate.ts';
import { MAX_MDNS_PACKETS_PER_SECOND } from '../../../shared/protocol/limits.ts';

function packet(counts: readonly number[], body = '\u0009_dropline'): Buffer {
  const header = Buffer.alloc(12);
  counts.forEach((count, at) => header.writeUInt16BE(count, 4 + at * 2));
  return Buffer.concat([header, Buffer.from(body)]);
}

const GOOD = packet([1, 0, 0, 0]);

describe('the packet gate', () => {
  it('lets through what speaks of us', () => {
    const gate = new PacketGate();
    expect(gate.admits(GOOD, 'a', 0)).toBe(true);
    expect(gate.admits(packet([0, 4, 0, 60]), 'a', 0)).toBe(true);
    expect(gate.dropped).toBe(0);
  });

  it('drops what is not ours, too short, too long or too full', () => {
    const gate = new PacketGate();
    const bad = [
      Buffer.alloc(0),
      GOOD.subarray(0, 11),
      packet([1, 0, 0, 0], '\u0004_ipp'),
      packet([0, 1, 0, 0], `\u0009_dropline${'x'.repeat(9000)}`),
      packet([9, 0, 0, 0]),
      packet([0, 65, 0, 0]),
      packet([0, 30, 5, 30]),
      packet([0, 0xffff, 0xffff, 0xffff]),
    ];
    for (const message of bad) expect(gate.admits(message, 'a', 0)).toBe(false);
    expect(gate.dropped).toBe(bad.length);
  });

  it('lets one host have a quarter of each second, and all of them no more than the cap', () => {
    const gate = new PacketGate();
    const admitted = (source: (at: number) => string, nowMs: number) =>
      Array.from({ length: 20_000 }, (_, at) => gate.admits(GOOD, source(at), nowMs)).filter(
        Boolean,
      ).length;
    expect(admitted(() => 'one', 0)).toBe(MAX_MDNS_PACKETS_PER_SECOND / 4);
    expect(gate.admits(GOOD, 'another', 0)).toBe(true);
    expect(admitted((at) => `host ${at}`, 1000)).toBe(MAX_MDNS_PACKETS_PER_SECOND);
    expect(gate.admits(GOOD, 'another', 1999)).toBe(false);
    expect(gate.admits(GOOD, 'another', 2000)).toBe(true);
  });

  it('never throws', () => {
    const gate = new PacketGate();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof gate.admits(Buffer.from(bytes), 'a', 0)).toBe('boolean');
      }),
    );
  });
});
