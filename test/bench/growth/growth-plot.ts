import { niceCeiling } from '../plot.ts';
import { numberText } from '../report.ts';
import { AXES, amountText } from './growth-report.ts';
import type { Axis, Cost, Point } from './points.ts';
import { costsOf } from './points.ts';

/** Two panels, what one more costs over how much there is already: a flat line is what is wanted. */

const WIDTH = 820;
const HEIGHT = 260;
const LEFT = 60;
const RIGHT = 30;
const TOP = 40;
const BOTTOM = 40;
/** Below this the fixed costs of a transfer drown what is looked for; such points are only in the table. */
const LEAST: Readonly<Record<Axis, number>> = { bytes: 16 * 1024 * 1024, files: 100 };

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:14px}
.quiet{fill:#59636e;font-size:11px}.own{stroke:#0969da;fill:none;stroke-width:2}.dot{fill:#0969da}
.grid{stroke:#d1d9e0}.page{fill:#fff}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.quiet{fill:#9198a1}.own{stroke:#4493f8}.dot{fill:#4493f8}
.grid{stroke:#3d444d}.page{fill:#0d1117}}`;

export function growthPlot(points: readonly Point[], about: string): string {
  const panels = (['bytes', 'files'] as const).map((axis, n) =>
    panelOf(
      axis,
      costsOf(points, axis).filter(({ amount }) => amount >= LEAST[axis]),
      n * HEIGHT,
    ),
  );
  const height = 2 * HEIGHT + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="What one more costs Dropline, the more there is">
<style>${STYLE}</style>
<rect class="page" width="${WIDTH}" height="${height}"/>
${panels.join('\n')}
${text(8, height - 10, about, 'quiet')}
</svg>
`;
}

function panelOf(axis: Axis, costs: readonly Cost[], top: number): string {
  const { title, unit } = AXES[axis];
  const head = text(8, top + 20, `${title}: ${unit}`, 'title');
  const [first, last] = [costs[0], costs.at(-1)];
  if (!first || !last) return head;
  const most = niceCeiling(Math.max(...costs.map(({ perUnit }) => perUnit), Number.MIN_VALUE));
  const [from, to] = [Math.log(first.amount), Math.log(last.amount)];
  const x = (amount: number) =>
    round(LEFT + ((Math.log(amount) - from) / (to - from || 1)) * (WIDTH - LEFT - RIGHT - 40));
  const floor = top + HEIGHT - BOTTOM;
  const y = (cost: number) => round(floor - (cost / most) * (HEIGHT - TOP - BOTTOM));
  const grid = [0, 0.5, 1].flatMap((part) => [
    `<line class="grid" x1="${LEFT}" y1="${y(part * most)}" x2="${WIDTH - RIGHT}" y2="${y(part * most)}"/>`,
    text(LEFT - 8, y(part * most) + 4, numberText(part * most), 'quiet', 'end'),
  ]);
  const marks = costs.flatMap(({ amount, perUnit }) => [
    `<circle class="dot" cx="${x(amount)}" cy="${y(perUnit)}" r="4"/>`,
    text(x(amount), y(perUnit) - 9, numberText(perUnit), '', 'middle'),
    text(x(amount), floor + 16, amountText(amount, axis), 'quiet', 'middle'),
  ]);
  const line = costs.map(({ amount, perUnit }) => `${x(amount)},${y(perUnit)}`).join(' ');
  return [head, ...grid, `<polyline class="own" points="${line}"/>`, ...marks].join('\n');
}

const round = (value: number): number => Math.round(value * 10) / 10;

function text(x: number, y: number, words: string, kind = '', anchor = 'start'): string {
  return `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${words}</text>`;
}
