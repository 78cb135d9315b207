import type { Spread } from './statistics.ts';
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

type Figure = 'speed' | 'cpu' | 'senderMemory' | 'receiverMemory';

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
  {
    work: 'file',
    says: 'CPU of both ends, one big file',
    against: SCP,
    figure: 'cpu',
    more: false,
    floor: 0.75,
    aim: 0.6,
  },
  ...['file', 'small', 'tree'].flatMap((work) => [
    memory(work, 'sender', 'senderMemory'),
    memory(work, 'receiver', 'receiverMemory'),
  ]),
];

function speed(work: string, says: string, against: string, floor: number, aim: number): Demand {
  return { work, says, against, figure: 'speed', more: true, floor, aim };
}

function memory(work: string, side: string, figure: Figure): Demand {
  const says = `memory of the ${side} over an idle engine, ${work} (MiB)`;
  return { work, says, against: null, figure, more: false, floor: 64, aim: 32 };
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
  const read = (name: string) =>
    samplesOf(work, name).flatMap((sample) => {
      const value = figureOf(figure, sample);
      return value === null ? [] : [{ round: sample.round, value }];
    });
  const own = read(contender);
  if (against === null) return own.length === 0 ? null : spread(own.map(({ value }) => value));
  // time is the other way round: half of it is twice the speed
  return figure === 'speed' ? pairedRatio(read(against), own) : pairedRatio(own, read(against));
}

const MIB = 1024 * 1024;

function figureOf(figure: Figure, { wallMs, cpuSeconds, memory }: Sample): number | null {
  switch (figure) {
    case 'speed':
      return wallMs;
    case 'cpu':
      return cpuSeconds;
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
