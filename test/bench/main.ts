import { join, resolve } from 'node:path';
import { runAlone } from './alone.ts';
import type { BenchOptions } from './arguments.ts';
import { readArguments, USAGE, WrongArguments } from './arguments.ts';
import { findContenders } from './contenders.ts';
import { commitOf, describeMachine, loadNow } from './machine.ts';
import { askNodes } from './nodes.ts';
import { buildEngineOnce } from './peers/running-engine.ts';
import { closeSpace, congestionControl, enterSpace, openSpace } from './private-space.ts';
import type { Space } from './private-space.ts';
import { Programs } from './programs.ts';
import { reportOf } from './report.ts';
import type { Results } from './results.ts';
import { saveResults } from './save.ts';
import { runWorks } from './run-works.ts';

/** `npm run bench`. */

const checkout = resolve(import.meta.dirname, '../..');
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const MAX_FRESH_SEED = 1_000_000;
const STOPPED = 130;

/** Answers the exit code. */
export async function runBench(command: string, words: readonly string[]): Promise<number> {
  try {
    const seed = Math.floor(Math.random() * MAX_FRESH_SEED) + 1;
    const options = readArguments(words, seed);
    if (options.help) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    if (process.platform !== 'linux') throw new WrongArguments('The bench needs Linux.');
    return (await enterSpace(command, words, options.disk)) ?? (await measure(options));
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error;
    say(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function measure(options: BenchOptions): Promise<number> {
  const space = openSpace(options.disk);
  const programs = new Programs();
  const clear = async () => {
    await programs.stop();
    closeSpace(space);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void clear().then(() => process.exit(STOPPED)));
  }
  try {
    if (options.mode !== 'compare') {
      await runAlone(options, { space, programs, checkout, say });
      return 0;
    }
    const results = await compare(options, space, programs);
    const report = reportOf(results);
    await saveResults(results, report, options, checkout);
    process.stdout.write(`${report}\n`);
    return results.works.some(({ failures }) => failures.length > 0) ? 1 : 0;
  } catch (error) {
    if (programs.isStopped) return STOPPED;
    throw error;
  } finally {
    await clear();
  }
}

async function compare(options: BenchOptions, space: Space, programs: Programs): Promise<Results> {
  if (!space.isPrivate) say('No namespaces of its own here: on the loopback as it is.');
  const startedAt = new Date().toISOString();
  const before = loadNow();
  const nodes = askNodes([process.execPath, ...options.nodes]);
  const found = await findContenders(nodes, space.folder, buildEngineOnce());
  for (const what of found.missing) say(`Not here: ${what}`);
  const folder = join(space.disk ?? space.folder, 'work');
  const run = { options, space, programs, folder, checkout, say };
  const { works, missing } = await runWorks(run, found.contenders);
  return {
    startedAt,
    commit: commitOf(checkout),
    seed: options.seed,
    rounds: options.rounds,
    machine: describeMachine(
      found.versions,
      congestionControl(space),
      space.disk === null ? 'tmpfs' : 'disk',
    ),
    load: { before, after: loadNow() },
    missing: [...found.missing, ...missing],
    works,
  };
}
