import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Contender } from './contender.ts';
import type { Fingerprint } from './copies.ts';
import { differenceOf, fingerprint } from './copies.ts';
import type { Place } from './place.ts';
import type { ProbeSample, Sample, WorkResult } from './results.ts';
import { sizeOf } from './sources.ts';
import { shuffled } from './statistics.ts';
import { makeSource } from './works.ts';
import type { Work } from './works.ts';

/** Every contender does the same work in every round, in an order that changes. */
export interface Contest {
  readonly work: Work;
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  /** How often the main threads are watched. */
  readonly probes: number;
  readonly place: Place;
  /** Empty, and empty again afterwards. */
  readonly folder: string;
  readonly onDisk: boolean;
  readonly random: () => number;
  readonly say: (text: string) => void;
}

export async function runRounds(contest: Contest): Promise<WorkResult> {
  const { work, folder, rounds, random, say } = contest;
  const source = makeSource(work, folder);
  const wanted = fingerprint(source);
  const { bytes, files } = sizeOf(source);
  const failures: string[] = [];
  const samples: Sample[] = [];
  let contenders = contest.contenders;
  // the first is there to warm up: caches, pages, and peers that do not work here
  for (let round = 0; round <= rounds; round++) {
    for (const contender of shuffled(contenders, random)) {
      try {
        const sample = await carryOnce(contest, contender, source, wanted, round);
        if (round > 0) samples.push(sample);
        say(`${work.id} ${round}/${rounds} ${contender.name}: ${sample.wallMs.toFixed(0)} ms`);
      } catch (error) {
        const why = `${contender.name}, ${work.id}, round ${round}: ${String(error)}`;
        say(why);
        failures.push(why);
        contenders = contenders.filter((other) => other !== contender);
      }
    }
  }
  const probes = work.probed ? await probeAll(contest, contenders, source) : [];
  rmSync(folder, { recursive: true });
  const { id, title, unit } = work;
  const about = contest.contenders.map(({ name, does }) => ({ name, does }));
  return { id, title, unit, bytes, files, contenders: about, samples, probes, failures };
}

async function carryOnce(
  { folder, place, onDisk }: Contest,
  contender: Contender,
  source: string,
  wanted: Fingerprint,
  round: number,
): Promise<Sample> {
  const sink = emptySink(folder);
  if (onDisk) flush(folder);
  const run = await contender.carry({ source, sink, place });
  const flushMs = onDisk ? flush(folder) : null;
  const copy = fingerprint(join(sink, basename(source)));
  const difference = differenceOf(wanted, copy, contender.keepsMetadata);
  if (difference !== null) throw new Error(`not a true copy: ${difference}`);
  return { contender: contender.name, round, ...run, ...(flushMs !== null && { flushMs }) };
}

/** Apart from the rounds, since who watches costs something. */
async function probeAll(
  { folder, place, probes: count, work, say }: Contest,
  contenders: readonly Contender[],
  source: string,
): Promise<ProbeSample[]> {
  const probes: ProbeSample[] = [];
  for (let round = 1; round <= count; round++) {
    for (const { name, probe } of contenders) {
      if (!probe) continue;
      const stalls = await probe({ source, sink: emptySink(folder), place });
      probes.push({ contender: name, round, ...stalls });
      say(`${work.id} probe ${round} ${name}: ${JSON.stringify(stalls)}`);
    }
  }
  return probes;
}

/**
 * The last copy goes only now, so that its pages go straight into the next: a virtual machine takes long
 * to get new ones from its host, and that would be measured.
 */
function emptySink(folder: string): string {
  const sink = join(folder, 'sink');
  if (existsSync(sink)) rmSync(sink, { recursive: true });
  mkdirSync(sink);
  return sink;
}

/** Everything that the file system still holds back is written. Answers how long it took. */
function flush(folder: string): number {
  const startedMs = performance.now();
  execFileSync('sync', ['-f', folder]);
  return performance.now() - startedMs;
}
