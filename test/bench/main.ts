import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BenchOptions } from './arguments.ts';
import { isWanted, readArguments, USAGE, WrongArguments } from './arguments.ts';
import type { Contender } from './contender.ts';
import { DROPLINE } from './floors.ts';
import { commitOf, describeMachine, loadNow } from './machine.ts';
import { findDropline } from './peers/dropline.ts';
import { findHttp } from './peers/http.ts';
import { findNginx } from './peers/nginx.ts';
import { findRsync } from './peers/rsync.ts';
import { findSocat } from './peers/socat.ts';
import { findSsh } from './peers/ssh.ts';
import { onLoopback } from './place.ts';
import { closeSpace, congestionControl, enterSpace, openSpace } from './private-space.ts';
import type { Space } from './private-space.ts';
import { Programs } from './programs.ts';
import { reportOf } from './report.ts';
import type { Results, WorkResult } from './results.ts';
import { runRounds } from './rounds.ts';
import { randomFrom } from './statistics.ts';
import { worksOf } from './works.ts';

/** `npm run bench`. */

const checkout = resolve(import.meta.dirname, '../..');
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Answers the exit code. */
export async function runBench(command: string, words: readonly string[]): Promise<number> {
  try {
    const seed = Math.floor(Math.random() * 1_000_000) + 1;
    const options = readArguments(words, seed);
    if (process.platform !== 'linux') throw new WrongArguments('The bench needs Linux.');
    return (await enterSpace(command, words)) ?? (await measure(options));
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error;
    say(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function measure(options: BenchOptions): Promise<number> {
  const space = openSpace();
  const programs = new Programs();
  const disk = options.disk === null ? null : mkdtempSync(join(options.disk, 'dropline-bench-'));
  const clear = async () => {
    await programs.stop();
    if (disk !== null) rmSync(disk, { recursive: true, force: true });
    closeSpace(space);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void clear().then(() => process.exit(130)));
  }
  try {
    const results = await contest(options, space, programs, disk ?? space.folder);
    save(results, options);
    process.stdout.write(`${reportOf(results)}\n`);
    return results.works.some(({ failures }) => failures.length > 0) ? 1 : 0;
  } finally {
    await clear();
  }
}

async function contest(
  options: BenchOptions,
  space: Space,
  programs: Programs,
  folder: string,
): Promise<Results> {
  const startedAt = new Date().toISOString();
  const before = loadNow();
  const { contenders, versions, missing } = await findContenders(options, space.folder);
  for (const what of missing) say(`Not here: ${what}`);
  const random = randomFrom(options.seed);
  const works: WorkResult[] = [];
  const chosen = worksOf(options, checkout).filter(
    ({ id, quick }) => (quick || !options.quick) && isWanted(id, worksAmong(options)),
  );
  for (const work of chosen) {
    const able = contenders.filter(
      ({ name, carries }) =>
        carries.includes(work.kind) &&
        (name.startsWith(DROPLINE) || isWanted(name, contendersAmong(options))),
    );
    works.push(
      await runRounds({
        work,
        contenders: able,
        rounds: options.rounds,
        place: onLoopback(programs),
        folder: join(folder, 'work'),
        onDisk: options.disk !== null,
        random,
        say,
      }),
    );
  }
  const fileSystem = options.disk === null ? 'tmpfs' : 'disk';
  return {
    startedAt,
    commit: commitOf(checkout),
    seed: options.seed,
    rounds: options.rounds,
    machine: describeMachine(versions, congestionControl(space), fileSystem),
    load: { before, after: loadNow() },
    missing,
    works,
  };
}

/** `--only` takes both: what is no work is a contender. */
const worksAmong = ({ only }: BenchOptions) => only.filter(isWork);
const contendersAmong = ({ only }: BenchOptions) => only.filter((name) => !isWork(name));
const isWork = (name: string) => ['file', 'small', 'tree'].includes(name);

async function findContenders({ nodes }: BenchOptions, folder: string) {
  const all = [
    ...[process.execPath, ...nodes].map((node) => findDropline(folder, node)),
    findSsh(folder),
    findRsync(folder),
    await findNginx(folder),
    findSocat(),
    findHttp(process.execPath),
  ];
  const contenders: Contender[] = [];
  const missing: string[] = [];
  const versions: Record<string, string> = {};
  for (const found of all) {
    if ('missing' in found) missing.push(found.missing);
    else {
      contenders.push(...found.contenders);
      Object.assign(versions, found.versions);
    }
  }
  return { contenders, missing, versions };
}

function save(results: Results, { out }: BenchOptions): void {
  const folder = resolve(checkout, out);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
}
