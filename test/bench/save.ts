import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import type { BenchOptions } from './arguments.ts';
import { growthPlot } from './growth/growth-plot.ts';
import { growthReport } from './growth/growth-report.ts';
import type { Point } from './growth/points.ts';
import { plotOf } from './plot.ts';
import type { Results } from './results.ts';
import type { SoakSample } from './soak/samples.ts';
import { soakReport } from './soak/soak-report.ts';
import type { WindowFigures } from './window/run-window.ts';
import { windowReport } from './window/window-report.ts';

const PLOT =
  '![Speeds of Dropline and of others, the tables below as bars](build/bench/results.svg)';
const GROWTH_PLOT =
  '![What one more byte and one more file costs, the more there is](build/bench/growth.svg)';

/** Where in the README each of them stands. */
const PLACES = {
  bench: ['<!-- bench: written by `npm run bench -- --save` -->', '<!-- end of bench -->'],
  growth: [
    '<!-- growth: written by `npm run bench -- --growth --save` -->',
    '<!-- end of growth -->',
  ],
  soak: ['<!-- soak: written by `npm run bench -- --soak --save` -->', '<!-- end of soak -->'],
  window: [
    '<!-- window: written by `npm run bench -- --window --save` -->',
    '<!-- end of window -->',
  ],
} as const;

type Where = keyof typeof PLACES;

/** JSON, plot and tables; with `--save` also where the README shows them. */
export async function saveResults(
  results: Results,
  report: string,
  { out, save }: BenchOptions,
  checkout: string,
): Promise<void> {
  await write('results', { results, report, plot: plotOf(results) }, resolve(checkout, out));
  if (save) await keep('bench', 'results', { results, report, plot: plotOf(results) }, checkout);
}

export async function saveGrowth(
  points: readonly Point[],
  about: string,
  { out, save }: BenchOptions,
  checkout: string,
): Promise<void> {
  const report = `${about}.\n${growthReport(points)}`;
  const written = { results: { about, points }, report, plot: growthPlot(points, about) };
  await write('growth', written, resolve(checkout, out));
  if (save) await keep('growth', 'growth', written, checkout);
  process.stdout.write(`${report}\n`);
}

export async function saveSoak(
  samples: readonly SoakSample[],
  about: string,
  { out, save }: BenchOptions,
  checkout: string,
): Promise<void> {
  const transfers = samples.at(-1)?.transfers ?? 0;
  const report = `${about}. ${transfers.toLocaleString('en')} transfers.\n\n${soakReport(samples)}`;
  const written = { results: { about, samples }, report, plot: null };
  await write('soak', written, resolve(checkout, out));
  if (save) await keep('soak', 'soak', written, checkout);
  process.stdout.write(`${report}\n`);
}

export async function saveWindow(
  figures: WindowFigures,
  about: string,
  { out, save }: BenchOptions,
  checkout: string,
): Promise<void> {
  const report = `${about}.\n\n${windowReport(figures)}`;
  const written = { results: { about, figures }, report, plot: null };
  await write('window', written, resolve(checkout, out));
  if (save) await keep('window', 'window', written, checkout);
  process.stdout.write(`${report}\n`);
}

interface Written {
  readonly results: unknown;
  readonly report: string;
  readonly plot: string | null;
}

async function write(name: string, { results, report, plot }: Written, folder: string) {
  mkdirSync(folder, { recursive: true });
  const json = await format(JSON.stringify(results), { parser: 'json', printWidth: 100 });
  writeFileSync(join(folder, `${name}.json`), json);
  if (plot !== null) writeFileSync(join(folder, `${name}.svg`), plot);
  writeFileSync(join(folder, `${name}.md`), `${report}\n`);
}

/** Where the README shows it. */
async function keep(where: Where, name: string, written: Written, checkout: string) {
  const folder = join(checkout, 'build', 'bench');
  await write(name, written, folder);
  rmSync(join(folder, `${name}.md`));
  const plot = { bench: `${PLOT}\n\n`, growth: `${GROWTH_PLOT}\n\n`, soak: '', window: '' }[where];
  const path = join(checkout, 'README.md');
  const text = withReport(readFileSync(path, 'utf8'), `${plot}${written.report}`, where);
  writeFileSync(path, await format(text, { parser: 'markdown', printWidth: 100 }));
}

/** The README with that in its place. Throws where it has none. */
export function withReport(readme: string, report: string, where: Where = 'bench'): string {
  const [start, end] = PLACES[where];
  const [before, rest] = [readme.split(start)[0] ?? '', readme.split(start)[1]];
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error('the README has no place for it');
  return `${before}${start}\n\n${report}\n\n${end}${after}`;
}
