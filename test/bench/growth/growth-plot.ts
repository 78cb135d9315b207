import { niceCeiling } from '../plot.ts';
import { numberText } from '../report.ts';
import { drawing, round, text } from '../svg.ts';
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

const STYLE = `.own{stroke:#0969da;fill:none;stroke-width:2}.dot{fill:#0969da}
@media(prefers-color-scheme:dark){.own{stroke:#4493f8}.dot{fill:#4493f8}}`;

export function growthPlot(points: readonly Point[], about: string): string {
  const panels = (['bytes', 'files'] as const).map((axis, n) =>
    panelOf(
      axis,
      costsOf(points, axis).filter(({ amount }) => amount >= LEAST[axis]),
      n * HEIGHT,
    ),
  );
  const height = 2 * HEIGHT + 24;
  const parts = [...panels, text(8, height - 10, about, 'quiet')];
  const label = 'What one more costs Dropline, the more there is';
  return drawing({ width: WIDTH, height, label, style: STYLE, parts });
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
