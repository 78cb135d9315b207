import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import type { BenchOptions } from './arguments.ts';
import { plotOf } from './plot.ts';
import type { Results } from './results.ts';

const PLOT =
  '![Speeds of Dropline and of others, the tables below as bars](build/bench/results.svg)';
const START = '<!-- bench: written by `npm run bench -- --save` -->';
const END = '<!-- end of bench -->';

/** JSON, plot and tables; with `--save` also where the README shows them. */
export async function saveResults(
  results: Results,
  report: string,
  { out, save }: BenchOptions,
  checkout: string,
): Promise<void> {
  write(resolve(checkout, out), results, report);
  if (!save) return;
  const folder = join(checkout, 'build', 'bench');
  mkdirSync(folder, { recursive: true });
  const json = await format(JSON.stringify(results), { parser: 'json', printWidth: 100 });
  writeFileSync(join(folder, 'results.json'), json);
  writeFileSync(join(folder, 'results.svg'), plotOf(results));
  const path = join(checkout, 'README.md');
  const text = withReport(readFileSync(path, 'utf8'), `${PLOT}\n\n${report}`);
  writeFileSync(path, await format(text, { parser: 'markdown', printWidth: 100 }));
}

function write(folder: string, results: Results, report: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, 'results.svg'), plotOf(results));
  writeFileSync(join(folder, 'results.md'), `${report}\n`);
}

/** The README with that in its place. Throws where it has none. */
export function withReport(readme: string, report: string): string {
  const [before, rest] = [readme.split(START)[0] ?? '', readme.split(START)[1]];
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('the README has no place for the bench');
  return `${before}${START}\n\n${report}\n\n${END}${after}`;
}
