import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startReceiver } from '../peers/dropline-process.ts';
import type { Place } from '../place.ts';
import { makeSmallFiles } from '../sources.ts';
import type { SoakSample } from './samples.ts';

/** Ten thousand transfers hold a hundred of a gigabyte. */
const LARGE_EVERY = 100;
const LARGE_BYTES = 1e9;
const SMALL_FILES = 5;
const SMALL_BYTES = 4096;
const SAMPLES = 100;
const PROBE = new URL('soak-probe.mjs', import.meta.url).href;

export const SOAK_ENTRIES = { 'soak-process': 'test/bench/soak/soak-process.ts' };

export interface SoakRun {
  readonly node: string;
  readonly place: Place;
  readonly folder: string;
  readonly built: URL;
  readonly transfers: number;
  readonly say: (text: string) => void;
}

interface Told {
  readonly resources: number;
  readonly heapBytes: number;
  readonly residentBytes?: number;
  readonly descriptors?: number;
}

/** Sends all of it from one running engine to another. Throws where something does not arrive. */
export async function runSoak(run: SoakRun): Promise<readonly SoakSample[]> {
  const { node, place, folder, built, transfers, say } = run;
  const [small, large, sink] = ['small', 'large.bin', 'sink'].map((name) => join(folder, name));
  mkdirSync(sink ?? '', { recursive: true });
  makeSmallFiles(small ?? '', SMALL_FILES, SMALL_BYTES);
  writeFileSync(large ?? '', '');
  truncateSync(large ?? '', LARGE_BYTES);
  const [sent, received] = [join(folder, 'probe-sender'), join(folder, 'probe-receiver')];
  const job = { source: small ?? '', sink: sink ?? '', place };
  const receiver = await startReceiver({ node, homes: folder }, job, probedBy(received));
  const samples: SoakSample[] = [];
  const every = Math.max(1, Math.floor(transfers / SAMPLES));
  const look = (line: string): void => {
    const done = Number(line);
    if (done % every !== 0) return;
    for (const [side, file] of [
      ['sender', sent],
      ['receiver', received],
    ] as const) {
      const sample = sampleOf(side, file, done);
      if (sample !== null) samples.push(sample);
    }
    if (done % (every * 10) === 0) say(`soak ${done}: ${JSON.stringify(samples.slice(-2))}`);
  };
  const words = [
    ...[join(folder, 'sender'), sink ?? '', place.address, `${receiver.port}`],
    ...[`${transfers}`, `${LARGE_EVERY}`, small ?? '', large ?? ''],
  ];
  const script = fileURLToPath(new URL('soak-process.js', built));
  const sender = place.startClient(node, [script, ...words], {
    ...probedBy(sent),
    onLine: look,
  });
  try {
    await sender.finished();
  } finally {
    await sender.terminate();
    await receiver.program.terminate();
    rmSync(folder, { recursive: true });
  }
  return samples;
}

function probedBy(file: string) {
  const env = { NODE_OPTIONS: `--import=${PROBE}`, SOAK_PROBE: file };
  return { env, onLine: () => undefined };
}

/** null: nothing was told yet. */
function sampleOf(side: SoakSample['side'], file: string, transfers: number): SoakSample | null {
  if (!existsSync(`${file}.0`)) return null;
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.`));
  let sample = { residentBytes: 0, heapBytes: 0, descriptors: 0, resources: 0 };
  for (const name of names) {
    const told = readTold(join(dirname(file), name));
    if (told === null) return null;
    sample = {
      residentBytes: sample.residentBytes + (told.residentBytes ?? 0),
      descriptors: sample.descriptors + (told.descriptors ?? 0),
      heapBytes: sample.heapBytes + told.heapBytes,
      resources: sample.resources + told.resources,
    };
  }
  return { side, transfers, ...sample };
}

/** null: it is just being written. */
function readTold(path: string): Told | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Told;
  } catch {
    return null;
  }
}
