import { afterEach, beforeEach, vi } from 'vitest';
import type { MdnsOptions } from '../../../electron/engine/discovery/mdns.ts';
import { Mdns } from '../../../electron/engine/discovery/mdns.ts';
import type { Sighting } from '../../../electron/engine/discovery/sightings.ts';
import type { Failure } from '../../../shared/errors.ts';
import { ANNOUNCEMENT, FakeUdp, ONE_CARD } from './fake-network.ts';

/** One engine's discovery on a network that the test plays, with a clock that it turns. */
export class Station {
  readonly v4 = new FakeUdp();
  readonly v6 = new FakeUdp();
  readonly heard: Sighting[] = [];
  readonly failures: Failure[] = [];
  readonly troubles: string[] = [];
  started = 0;
  table = ONE_CARD;
  nowMs = 0;
  readonly mdns: Mdns;

  constructor(
    options: Partial<MdnsOptions> = {},
    prepare: (station: Station) => void = () => undefined,
  ) {
    prepare(this);
    this.mdns = new Mdns({
      announce: ANNOUNCEMENT,
      paired: [],
      interface: null,
      maxTtlSeconds: 120,
      openUdp: (family) => (family === 'IPv4' ? this.v4 : this.v6).asSocket(),
      interfaces: () => this.table,
      nowMs: () => this.nowMs,
      onSightings: (sightings) => this.heard.push(...sightings),
      onStarted: () => (this.started += 1),
      onFailed: (failure) => this.failures.push(failure),
      onTrouble: (reason) => this.troubles.push(reason),
      ...options,
    });
    stations.push(this);
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    await vi.advanceTimersByTimeAsync(ms);
  }

  /** What was sent since the last look, split by kind. */
  take(): { readonly queries: Buffer[]; readonly responses: Buffer[] } {
    const sent = this.v4.sent.splice(0).map(({ message }) => message);
    const isResponse = (message: Buffer) => (message.readUInt16BE(2) & 0x8000) !== 0;
    return {
      queries: sent.filter((message) => !isResponse(message)),
      responses: sent.filter(isResponse),
    };
  }
}

const stations: Station[] = [];
export const NEIGHBOUR = '192.168.1.9';

export async function startStation(
  ...args: ConstructorParameters<typeof Station>
): Promise<Station> {
  const station = new Station(...args);
  await station.pass(0);
  return station;
}

/** What another engine makes of these packets. */
export async function read(...packets: readonly Buffer[]): Promise<readonly Sighting[]> {
  const reader = await startStation({ announce: null });
  for (const packet of packets) reader.v4.hear(packet, NEIGHBOUR);
  return reader.heard;
}

/** Stops what a test has started. The timers are the test's. */
export function useStations(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  });
  afterEach(async () => {
    for (const station of stations.splice(0)) {
      const stopped = station.mdns.stop();
      await vi.advanceTimersByTimeAsync(1000);
      await stopped;
    }
    vi.useRealTimers();
  });
}
