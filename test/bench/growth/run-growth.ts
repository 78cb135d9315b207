import { mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { carryWithin } from '../carry-within.ts';
import type { Contender, Run } from '../contender.ts';
import type { Place } from '../place.ts';
import { sizeOf } from '../sources.ts';
import { digHoles } from './holes.ts';
import type { Carried, Point, Step } from './points.ts';
import { makeStep } from './points.ts';

const LIMIT_MS = 30 * 60_000;

export interface GrowthRun {
  readonly dropline: Contender;
  readonly place: Place;
  readonly folder: string;
  readonly say: (text: string) => void;
  readonly steps: readonly Step[];
}

/** Carries more and more by one program. Throws where something does not arrive. */
export async function runGrowth({ steps, ...run }: GrowthRun): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const step of steps) {
    const { axis, amount, times } = step;
    const source = join(run.folder, 'source', `${axis}-${amount}`);
    mkdirSync(join(run.folder, 'source'), { recursive: true });
    makeStep(source, step);
    const runs: Carried[] = [];
    for (let n = 0; n < times; n++) {
      const carried = await carryOnce(run, source);
      runs.push(carried);
      run.say(`growth ${amount} ${axis}: ${JSON.stringify(carried)}`);
    }
    points.push({ axis, amount, runs });
    rmSync(run.folder, { recursive: true });
  }
  return points;
}

async function carryOnce(
  { dropline, place, folder }: Omit<GrowthRun, 'steps'>,
  source: string,
): Promise<Carried> {
  const sink = join(folder, 'sink');
  mkdirSync(sink);
  const stop = digHoles(sink);
  try {
    const run = await carryWithin(LIMIT_MS, place, (at) =>
      dropline.carry({ source, sink, place: at }),
    );
    const copy = join(sink, basename(source));
    const arrived = statSync(copy).isDirectory() ? sizeOf(copy).files : sizeOf(copy).bytes;
    const sent = statSync(source).isDirectory() ? sizeOf(source).files : sizeOf(source).bytes;
    if (arrived !== sent) throw new Error(`${arrived} of ${sent} arrived`);
    return carriedOf(run);
  } finally {
    stop();
    rmSync(sink, { recursive: true });
  }
}

function carriedOf({ marksMs, cpuSeconds, memory }: Run): Carried {
  const { delivered: deliveredMs = NaN } = marksMs ?? {};
  const { senderPeakBytes = NaN, receiverPeakBytes = NaN } = memory ?? {};
  return { deliveredMs, cpuSeconds, senderPeakBytes, receiverPeakBytes };
}
