import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { carryWithin, limitMsOf } from './carry-within.ts';
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
  /** Then whatever fails has not failed by itself. */
  readonly isStopped: () => boolean;
  readonly say: (text: string) => void;
}

interface Source {
  readonly path: string;
  readonly wanted: Fingerprint;
  /** How long one carry of it may take. */
  readonly limitMs: number;
}

export async function runRounds(contest: Contest): Promise<WorkResult> {
  const { work, folder, rounds, random, say } = contest;
  const path = makeSource(work, folder);
  const { bytes, files } = sizeOf(path);
  const source = { path, wanted: fingerprint(path), limitMs: limitMsOf(bytes, files) };
  const failures: string[] = [];
  const samples: Sample[] = [];
  let contenders = contest.contenders;
  // the first is there to warm up: caches, pages, and peers that do not work here
  for (let round = 0; round <= rounds; round++) {
    for (const contender of shuffled(contenders, random)) {
      try {
        const sample = await carryOnce(contest, contender, source, round);
        if (round > 0) samples.push(sample);
        say(`${work.id} ${round}/${rounds} ${contender.name}: ${sample.wallMs.toFixed(0)} ms`);
      } catch (error) {
        if (contest.isStopped()) throw error;
        failures.push(failureOf(contest, contender, `round ${round}`, error));
        contenders = contenders.filter((other) => other !== contender);
      }
    }
  }
  const probes = work.probed ? await probeAll(contest, contenders, source, failures) : [];
  rmSync(folder, { recursive: true });
  const { id, title, unit } = work;
  const about = contest.contenders.map(({ name, does }) => ({ name, does }));
  return { id, title, unit, bytes, files, contenders: about, samples, probes, failures };
}

async function carryOnce(
  { folder, place, onDisk }: Contest,
  contender: Contender,
  { path, wanted, limitMs }: Source,
  round: number,
): Promise<Sample> {
  const sink = emptySink(folder);
  if (onDisk) flush(folder);
  const run = await carryWithin(limitMs, place, (at) =>
    contender.carry({ source: path, sink, place: at }),
  );
  const flushMs = onDisk ? flush(folder) : null;
  const copy = fingerprint(join(sink, basename(path)));
  const difference = differenceOf(wanted, copy, contender.keepsMetadata);
  if (difference !== null) throw new Error(`not a true copy: ${difference}`);
  return { contender: contender.name, round, ...run, ...(flushMs !== null && { flushMs }) };
}

/** Apart from the rounds, since who watches costs something. */
async function probeAll(
  contest: Contest,
  contenders: readonly Contender[],
  { path, limitMs }: Source,
  failures: string[],
): Promise<ProbeSample[]> {
  const { folder, place, probes: count, work, say } = contest;
  const probes: ProbeSample[] = [];
  const failed = new Set<Contender>();
  for (let round = 1; round <= count; round++) {
    for (const contender of contenders) {
      const { name, probe } = contender;
      if (!probe || failed.has(contender)) continue;
      try {
        const sink = emptySink(folder);
        const stalls = await carryWithin(limitMs, place, (at) =>
          probe({ source: path, sink, place: at }),
        );
        probes.push({ contender: name, round, ...stalls });
        say(`${work.id} probe ${round} ${name}: ${JSON.stringify(stalls)}`);
      } catch (error) {
        if (contest.isStopped()) throw error;
        failures.push(failureOf(contest, contender, `probe ${round}`, error));
        failed.add(contender);
      }
    }
  }
  return probes;
}

function failureOf(
  { work, say }: Contest,
  { name }: Contender,
  when: string,
  error: unknown,
): string {
  const why = `${name}, ${work.id}, ${when}: ${String(error)}`;
  say(why);
  return why;
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
