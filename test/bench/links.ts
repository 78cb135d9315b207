import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cable } from './cable.ts';
import { layCable } from './cable.ts';
import { findProgram } from './find-program.ts';
import type { Place } from './place.ts';
import { onLoopback } from './place.ts';
import type { Program, Programs } from './programs.ts';
import type { Where } from './works.ts';

export interface Link {
  readonly place: Place;
  stop(): Promise<void>;
}

/**
 * What gigabit Ethernet carries: of the 1538 bytes that a full frame takes on the wire, 1514 are what the
 * system counts, so that this is the rate at which it must be held.
 */
const GIGABIT = `${Math.floor((1e9 * 1514) / 1538)}bit`;
const SHAPED = 'burst 128kb latency 20ms';
const LOSSY_RATE = '300mbit';
/** Half of the way there and back. */
const DELAY_MS = 2.5;
const LOST_PART = 0.005;
const RELAY = fileURLToPath(new URL('lossy-relay.mjs', import.meta.url));
const TUNNEL = 'lossy0';
const PORTS = { here: [7801, 7802], there: [7803, 7804] } as const;
/** Before everything else where that is allowed: a wire does not wait for a busy computer. */
const FIRST = ['-n', '-10'];
const READY_MS = 10_000;
const LOOK_EVERY_MS = 20;

/** null: it cannot be had here. */
export async function openLink(
  where: Where,
  programs: Programs,
  isPrivate: boolean,
): Promise<Link | null> {
  if (where === 'loopback') return { place: onLoopback(programs), stop: async () => undefined };
  if (!isPrivate || !findProgram('tc')) return null;
  if (where === 'gigabit') return gigabit(programs);
  const socat = findProgram('socat');
  return socat === null ? null : lossy(programs, socat);
}

async function gigabit(programs: Programs): Promise<Link> {
  const cable = await layCable(programs);
  for (const tell of [cable.tellHere, cable.tellThere]) {
    tell('tc', `qdisc add dev ${cable.interface} root tbf rate ${GIGABIT} ${SHAPED}`);
  }
  return { place: cable.placeAt(cable.there), stop: cable.stop };
}

/**
 * This needs every packet in hand: a tunnel's end on each host, held by socat, and a relay between them
 * that keeps each packet for a while and loses some. The system holds the rate.
 */
async function lossy(programs: Programs, socat: string): Promise<Link> {
  const cable = await layCable(programs);
  const relay = await startRelay(programs, cable);
  const end = (address: string, self: string, [ours, relays]: readonly [number, number]) => [
    `TUN:${address}/24,up,iff-no-pi,tun-name=${TUNNEL}`,
    `UDP4:${cable.here}:${relays},bind=${self}:${ours}`,
  ];
  const near = programs.start('nice', [
    ...FIRST,
    socat,
    ...end('10.80.0.1', cable.here, PORTS.here),
  ]);
  const far = cable.startThere('nice', [
    ...FIRST,
    socat,
    ...end('10.80.0.2', cable.there, PORTS.there),
  ]);
  for (const tell of [cable.tellHere, cable.tellThere]) {
    await untilHolds(() => tell('ip', `route change 10.80.0.0/24 dev ${TUNNEL} congctl cubic`));
    tell('tc', `qdisc add dev ${TUNNEL} root tbf rate ${LOSSY_RATE} ${SHAPED}`);
  }
  return {
    place: cable.placeAt('10.80.0.2'),
    stop: async () => {
      await Promise.all([relay, near, far].map((program) => program.terminate()));
      await cable.stop();
    },
  };
}

/** A tunnel's end that reaches nobody ends: the relay comes first. */
async function startRelay(programs: Programs, { here, there }: Cable): Promise<Program> {
  const words = [here, ...PORTS.here, there, ...PORTS.there, DELAY_MS, LOST_PART].map(String);
  let onReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  const relay = programs.start('nice', [...FIRST, process.execPath, RELAY, ...words], {
    onLine: () => onReady(),
  });
  await Promise.race([ready, relay.ended]);
  return relay;
}

/** The tunnel is there a moment after its program has started. */
async function untilHolds(act: () => void): Promise<void> {
  for (const endAtMs = performance.now() + READY_MS; ;) {
    try {
      act();
      return;
    } catch (error) {
      if (performance.now() > endAtMs) throw error;
      await delay(LOOK_EVERY_MS);
    }
  }
}
