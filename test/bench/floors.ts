import type { InRound, Spread } from './statistics.ts';
import { pairedRatio, spread } from './statistics.ts';
import type { Sample, WorkResult } from './results.ts';

/** What Dropline has to reach, and whether it does. */

export const DROPLINE = 'Dropline';

interface Demand {
  readonly work: string;
  readonly says: string;
  /** A contender; null: it stands by itself. */
  readonly against: string | null;
  readonly figure: Figure;
  /** Whether more is better. */
  readonly more: boolean;
  readonly floor: number;
  readonly aim: number;
}

type Figure =
  | 'speed'
  | 'time'
  | 'cpu'
  | 'decay'
  | 'goodput'
  | 'senderMemory'
  | 'receiverMemory'
  | 'senderStall'
  | 'receiverStall';

export interface Verdict {
  readonly says: string;
  readonly contender: string;
  readonly against: string | null;
  readonly isRatio: boolean;
  readonly value: Spread;
  readonly floor: number;
  readonly aim: number;
  readonly verdict: 'aim' | 'held' | 'missed';
}

const SCP = 'scp aes128-gcm';
const RSYNC = 'rsync daemon';

export const DEMANDS: readonly Demand[] = [
  speed('file', 'one big file', SCP, 1.5, 2),
  speed('file', 'one big file', 'nginx + curl https', 0.8, 1),
  speed('file', 'one big file', RSYNC, 0.75, 1),
  speed('small', '10,000 files of 4 KiB', 'tar over ssh', 1.35, 1.8),
  speed('small', '10,000 files of 4 KiB', RSYNC, 1, 1.3),
  speed('small', '10,000 files of 4 KiB', 'Node http upload', 5, 8),
  speed('tree', 'a real tree', RSYNC, 1, 1.3),
  demand('many', '99,000 files, last tenth over first', null, 'decay', { floor: 0.9, aim: 1 }),
  demand('gigabit', '1 Gbit/s, of the possible', null, 'goodput', { floor: 0.96, aim: 0.98 }),
  speed('lossy', '300 Mbit/s, 5 ms, 0.5 % lost', 'socat', 3, 6),
  demand('byte', 'one byte, time', SCP, 'time', { floor: 0.05, aim: 0.02, more: false }),
  ...['file', 'small', 'tree', 'many'].flatMap((work) =>
    (['sender', 'receiver'] as const).map((side) => {
      const bounds = { floor: 64, aim: 32, more: false };
      const says = `memory of the ${side} over an idle engine, MiB (${work})`;
      return demand(work, says, null, `${side}Memory`, bounds);
    }),
  ),
  demand('file', 'CPU of both ends, one big file', SCP, 'cpu', {
    floor: 0.75,
    aim: 0.6,
    more: false,
  }),
  ...['file', 'small', 'tree', 'many'].flatMap((work) =>
    (['sender', 'receiver'] as const).map((side) => {
      const bounds = { floor: 50, aim: 16, more: false };
      const says = `longest stall of the ${side}'s main thread, ms (${work})`;
      return demand(work, says, null, `${side}Stall`, bounds);
    }),
  ),
];

interface Bounds {
  readonly floor: number;
  readonly aim: number;
  readonly more?: boolean;
}

function demand(
  work: string,
  says: string,
  against: string | null,
  figure: Figure,
  { floor, aim, more = true }: Bounds,
): Demand {
  return { work, says, against, figure, more, floor, aim };
}

function speed(work: string, says: string, against: string, floor: number, aim: number): Demand {
  return demand(work, says, against, 'speed', { floor, aim });
}

/** One for every demand that was measured, and every Dropline that ran. */
export function judge(works: readonly WorkResult[]): Verdict[] {
  return DEMANDS.flatMap((demand) => {
    const work = works.find(({ id }) => id === demand.work);
    if (!work) return [];
    return droplines(work).flatMap((contender) => {
      const value = valueOf(demand, work, contender);
      return value === null ? [] : [verdictOf(demand, contender, value)];
    });
  });
}

/** The Dropline contenders of a work: one for each Node. */
export function droplines(work: WorkResult): string[] {
  return work.contenders.map(({ name }) => name).filter((name) => name.startsWith(DROPLINE));
}

export function samplesOf(work: WorkResult, contender: string): Sample[] {
  return work.samples.filter((sample) => sample.contender === contender);
}

function valueOf(demand: Demand, work: WorkResult, contender: string): Spread | null {
  const { figure, against } = demand;
  const own = valuesOf(figure, work, contender);
  if (against === null) return own.length === 0 ? null : spread(own.map(({ value }) => value));
  const theirs = valuesOf(figure, work, against);
  // time is the other way round: half of it is twice the speed
  return figure === 'speed' ? pairedRatio(theirs, own) : pairedRatio(own, theirs);
}

const MIB = 1024 * 1024;
/** Gigabit Ethernet: 1460 bytes of every 1538 on the wire. */
const GIGABIT_BYTES_PER_MS = (1e9 / 8 / 1000) * (1460 / 1538);

function valuesOf(figure: Figure, work: WorkResult, contender: string): InRound[] {
  if (figure === 'senderStall' || figure === 'receiverStall') {
    return work.probes
      .filter((probe) => probe.contender === contender)
      .map(({ round, senderMs, receiverMs }) => {
        return { round, value: figure === 'senderStall' ? senderMs : receiverMs };
      });
  }
  return samplesOf(work, contender).flatMap((sample) => {
    const value = figureOf(figure, sample, work.bytes);
    return value === null ? [] : [{ round: sample.round, value }];
  });
}

type Timed = Exclude<Figure, 'senderStall' | 'receiverStall'>;

function figureOf(figure: Timed, sample: Sample, bytes: number): number | null {
  const { wallMs, cpuSeconds, memory, lastTenthOverFirst } = sample;
  switch (figure) {
    case 'speed':
    case 'time':
      return wallMs;
    case 'goodput':
      return bytes / wallMs / GIGABIT_BYTES_PER_MS;
    case 'cpu':
      return cpuSeconds;
    case 'decay':
      return lastTenthOverFirst ?? null;
    case 'senderMemory':
      return memory ? (memory.senderPeakBytes - memory.idleBytes) / MIB : null;
    case 'receiverMemory':
      return memory ? (memory.receiverPeakBytes - memory.idleBytes) / MIB : null;
  }
}

function verdictOf(demand: Demand, contender: string, value: Spread): Verdict {
  const { says, against, floor, aim, more } = demand;
  const reaches = (bound: number) => (more ? value.median >= bound : value.median <= bound);
  const verdict = reaches(aim) ? 'aim' : reaches(floor) ? 'held' : 'missed';
  return { says, contender, against, isRatio: against !== null, value, floor, aim, verdict };
}
