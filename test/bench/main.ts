import { join, resolve } from 'node:path';
import { buildEntries } from '../support/build-entries.ts';
import type { BuiltEntries } from '../support/build-entries.ts';
import type { BenchOptions } from './arguments.ts';
import { readArguments, USAGE, WrongArguments } from './arguments.ts';
import { findContenders } from './contenders.ts';
import { commitOf, describeMachine, loadNow } from './machine.ts';
import { askNodes } from './nodes.ts';
import { QUICK_STEPS, STEPS } from './growth/points.ts';
import { runGrowth } from './growth/run-growth.ts';
import { findDropline } from './peers/dropline.ts';
import { RUNNING_ENGINE_ENTRIES } from './peers/running-engine.ts';
import { onLoopback } from './place.ts';
import { closeSpace, congestionControl, enterSpace, openSpace } from './private-space.ts';
import type { Space } from './private-space.ts';
import { Programs } from './programs.ts';
import { reportOf } from './report.ts';
import type { Results } from './results.ts';
import { saveGrowth, saveResults, saveSoak } from './save.ts';
import { runSoak, SOAK_ENTRIES } from './soak/run-soak.ts';
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
    if (options.mode !== 'compare') return await alone(options, space, programs);
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

/** Dropline with the last Node that was named, or this one, and nobody beside it. */
async function alone(options: BenchOptions, space: Space, programs: Programs): Promise<number> {
  const nodes = askNodes([options.nodes.at(-1) ?? process.execPath]);
  const [node] = nodes;
  if (!node) throw new WrongArguments('Which Node?');
  const machine = describeMachine({ Node: node.version }, congestionControl(space), 'tmpfs');
  const about = `${new Date().toISOString().slice(0, 10)}, commit ${commitOf(checkout)}, Node ${node.version}, ${machine.cpu}, ${machine.cores} cores, ${machine.fileSystem}, TCP ${machine.congestionControl}, load before ${loadNow()}`;
  const folder = join(space.folder, 'work');
  const run = { place: onLoopback(programs), folder, say };
  if (options.mode === 'growth') {
    const found = findDropline(space.folder, node, buildEngineOnce());
    const dropline = 'contenders' in found ? found.contenders[0] : undefined;
    if (!dropline) throw new WrongArguments('Dropline is not built.');
    await saveGrowth(
      await runGrowth({ ...run, dropline, steps: options.quick ? QUICK_STEPS : STEPS }),
      about,
      options,
      checkout,
    );
    return 0;
  }
  const { directory: built } = await buildEntries({ ...RUNNING_ENGINE_ENTRIES, ...SOAK_ENTRIES });
  const { transfers } = options;
  await saveSoak(
    await runSoak({ ...run, node: node.path, built, transfers }),
    about,
    options,
    checkout,
  );
  return 0;
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

/** Only where it is needed; it goes with the folder of the bench. */
function buildEngineOnce(): () => Promise<URL> {
  let built: Promise<BuiltEntries> | null = null;
  return async () => (await (built ??= buildEntries(RUNNING_ENGINE_ENTRIES))).directory;
}
