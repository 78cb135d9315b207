import type { BenchOptions } from './arguments.ts';
import { isWanted } from './arguments.ts';
import type { Contender } from './contender.ts';
import { DROPLINE } from './floors.ts';
import { openLink } from './links.ts';
import type { Space } from './private-space.ts';
import type { Programs } from './programs.ts';
import type { WorkResult } from './results.ts';
import { runRounds } from './rounds.ts';
import { randomFrom } from './statistics.ts';
import type { Work } from './works.ts';
import { WORK_IDS, worksOf } from './works.ts';

const PROBES = 3;
const QUICK_PROBES = 1;

export interface BenchRun {
  readonly options: BenchOptions;
  readonly space: Space;
  readonly programs: Programs;
  readonly folder: string;
  readonly checkout: string;
  readonly say: (text: string) => void;
}

/** One work after the other: there is never more than one source and one copy. */
export async function runWorks(
  { options, space, programs, folder, checkout, say }: BenchRun,
  contenders: readonly Contender[],
): Promise<{ readonly works: readonly WorkResult[]; readonly missing: readonly string[] }> {
  const works: WorkResult[] = [];
  const missing: string[] = [];
  const random = randomFrom(options.seed);
  for (const work of chosenWorks(options, checkout)) {
    const link = await openLink(work.where, programs, space.isPrivate);
    if (link === null) {
      missing.push(`${work.title} (needs namespaces; packages iproute2, socat)`);
      continue;
    }
    const { place } = link;
    const chosen = contenders.filter((contender) => isAmong(contender, work, options));
    const isStopped = () => programs.isStopped;
    const contest = { work, contenders: chosen, place, folder, random, isStopped, say };
    const onDisk = options.disk !== null;
    const probes = options.quick ? QUICK_PROBES : PROBES;
    try {
      works.push(await runRounds({ ...contest, rounds: options.rounds, probes, onDisk }));
    } finally {
      await link.stop();
    }
  }
  return { works, missing };
}

/** `--only` takes both: what is no work is a contender. */
const isWork = (name: string): boolean => WORK_IDS.includes(name);

function chosenWorks(options: BenchOptions, checkout: string): readonly Work[] {
  const named = options.only.filter(isWork);
  return worksOf(options, checkout).filter(({ id, quick }) =>
    named.length === 0 ? quick || !options.quick : named.includes(id),
  );
}

function isAmong({ name, carries }: Contender, { load, among }: Work, options: BenchOptions) {
  if (!carries.includes(load)) return false;
  if (name.startsWith(DROPLINE)) return true;
  const named = options.only.filter((word) => !isWork(word));
  return isWanted(name, named) && isWanted(name, among ?? []);
}
