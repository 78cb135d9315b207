import { parseArgs } from 'node:util';

export type Mode = 'compare' | 'growth' | 'soak' | 'window';

/** What somebody asked of the bench. */
export interface BenchOptions {
  readonly help: boolean;
  /** What is measured: Dropline beside others, how its costs grow, one engine for very long, its window. */
  readonly mode: Mode;
  /** Transfers of a soak. */
  readonly transfers: number;
  /** About two minutes: two works, smaller, the fewest rounds that say anything. */
  readonly quick: boolean;
  /** Works or contenders by name, or by how it begins; none: all. */
  readonly only: readonly string[];
  /** Counted rounds; one more comes first, to warm up. */
  readonly rounds: number;
  /** A folder on a disk to use in place of memory. */
  readonly disk: string | null;
  /** Further Node programs that run Dropline, beside the one that runs the bench. */
  readonly nodes: readonly string[];
  /** The big file. */
  readonly fileBytes: number;
  /** A folder with many files of all sizes; null: the one that every checkout has. */
  readonly tree: string | null;
  /** The order of the contenders in each round follows from it. */
  readonly seed: number;
  /** Writes the README's table and plot too. */
  readonly save: boolean;
  /** Where JSON and plot go. */
  readonly out: string;
}

export class WrongArguments extends Error {}

export const USAGE = `npm run bench -- [--quick] [--only NAME]… [--rounds N] [--node PATH]… [--disk DIR]
                 [--size MIB] [--tree DIR] [--seed N] [--out DIR] [--save]
npm run bench -- --growth | --soak [--transfers N] | --window

  --quick       one file of 1 GiB and 10,000 of 4 KiB, in about two minutes
  --only NAME   only these works (file small tree many byte gigabit lossy), or contenders by how
                they begin; Dropline always runs
  --rounds N    counted rounds (5); one more comes first, to warm up
  --node PATH   runs Dropline with this Node too, of another version
  --disk DIR    on a disk, in a folder of its own inside DIR, and not in memory
  --size MIB    size of the big file (4096, or 1024 with --quick)
  --tree DIR    the real tree (node_modules of this checkout)
  --seed N      the order of the contenders follows from it
  --out DIR     where results go (out/bench)
  --save        also puts them into build/bench and the README
  --growth      what one more byte and one more file costs, up to 100 GB and to 99,000 files
  --soak        10,000 transfers and 100 GB from one running engine to another: what grows with them
  --transfers N a soak of so many
  --window      the window in Chromium: its size, its start, its idling, and 99,000 files on their way`;

const MIB = 1024 * 1024;
const FILE_MIB = 4096;
const QUICK_FILE_MIB = 1024;
const ROUNDS = 5;
const MAX_ROUNDS = 100;
const MAX_FILE_MIB = 1024 * 1024;
const MAX_SEED = 0xffff_ffff;
const SOAK_TRANSFERS = 10_000;
const MAX_SOAK_TRANSFERS = 10_000_000;

export function readArguments(words: readonly string[], freshSeed: number): BenchOptions {
  const values = parse(words);
  return {
    help: values.help,
    mode: values.growth ? 'growth' : values.soak ? 'soak' : values.window ? 'window' : 'compare',
    transfers: whole('--transfers', values.transfers, SOAK_TRANSFERS, MAX_SOAK_TRANSFERS),
    quick: values.quick,
    only: values.only,
    rounds: whole('--rounds', values.rounds, ROUNDS, MAX_ROUNDS),
    disk: values.disk ?? null,
    nodes: values.node,
    fileBytes:
      MIB * whole('--size', values.size, values.quick ? QUICK_FILE_MIB : FILE_MIB, MAX_FILE_MIB),
    tree: values.tree ?? null,
    seed: whole('--seed', values.seed, freshSeed, MAX_SEED),
    save: values.save,
    out: values.out,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        help: { type: 'boolean', default: false },
        growth: { type: 'boolean', default: false },
        soak: { type: 'boolean', default: false },
        window: { type: 'boolean', default: false },
        transfers: { type: 'string' },
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        rounds: { type: 'string' },
        node: { type: 'string', multiple: true, default: [] },
        disk: { type: 'string' },
        size: { type: 'string' },
        tree: { type: 'string' },
        seed: { type: 'string' },
        out: { type: 'string', default: 'out/bench' },
        save: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new WrongArguments(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string | undefined, otherwise: number, max: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw new WrongArguments(`${name} takes a whole number from 1 to ${max}, not ${text}`);
}

/** Nothing chosen is everything. */
export function isWanted(name: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((wanted) => name.startsWith(wanted));
}
