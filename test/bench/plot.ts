import { DROPLINE } from './floors.ts';
import { bySpeed, numberText } from './report.ts';
import type { Results, WorkResult } from './results.ts';
import { drawing, round, text } from './svg.ts';

/**
 * Bars of the medians with a line from the slowest to the fastest round. Every work has an axis of its own
 * that begins at zero. Colours follow the reader's light or dark.
 */

const WIDTH = 820;
const LEFT = 180;
const RIGHT = 90;
const ROW = 22;
const BAR = 14;
const HEAD = 44;
const FOOT = 26;

const STYLE = `.bar{fill:#afb8c1}.own{fill:#0969da}.line{stroke:#1f2328;stroke-width:1.5}
@media(prefers-color-scheme:dark){.bar{fill:#57606a}.own{fill:#4493f8}.line{stroke:#f0f6fc}}`;

export function plotOf(results: Results): string {
  const parts: string[] = [];
  let top = 8;
  for (const work of results.works) {
    const panel = panelOf(work, top);
    if (panel === null) continue;
    parts.push(...panel.parts);
    top = panel.bottom;
  }
  const { machine, rounds, startedAt, load } = results;
  const about = [
    `Median of ${rounds} rounds; the line is from the slowest to the fastest. ${startedAt.slice(0, 10)}, load ${load.before} to ${load.after}.`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.system}, ${machine.fileSystem}, TCP ${machine.congestionControl}.`,
  ];
  for (const line of about) parts.push(text(8, (top += 16), line, 'quiet'));
  return drawing({
    width: WIDTH,
    height: top + 12,
    label: 'How fast Dropline is beside others',
    style: STYLE,
    parts,
  });
}

function panelOf(work: WorkResult, top: number): { parts: string[]; bottom: number } | null {
  const rows = bySpeed(work);
  if (rows.length === 0) return null;
  const most = niceCeiling(Math.max(...rows.map(({ speed }) => speed.max)));
  const x = (value: number) => LEFT + (value / most) * (WIDTH - LEFT - RIGHT);
  const end = top + HEAD + rows.length * ROW;
  const unit = work.unit === 'ms' ? 'ms, less is better' : `${work.unit}, more is better`;
  const parts = [text(8, top + 20, `${work.title}: ${unit}`, 'title')];
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const at = round(x(part * most));
    parts.push(`<line class="grid" x1="${at}" y1="${top + HEAD - 6}" x2="${at}" y2="${end}"/>`);
    parts.push(text(at, end + 13, numberText(part * most), 'quiet', 'middle'));
  }
  for (const [n, { name, speed }] of rows.entries()) {
    const y = top + HEAD + n * ROW;
    const middle = y + BAR / 2;
    const kind = name.startsWith(DROPLINE) ? 'own' : 'bar';
    const width = round(x(speed.median) - LEFT);
    parts.push(text(LEFT - 8, middle + 4, name, '', 'end'));
    parts.push(`<rect class="${kind}" x="${LEFT}" y="${y}" width="${width}" height="${BAR}"/>`);
    const [from, to] = [round(x(speed.min)), round(x(speed.max))];
    parts.push(`<line class="line" x1="${from}" y1="${middle}" x2="${to}" y2="${middle}"/>`);
    parts.push(text(Math.max(to, LEFT + width) + 6, middle + 4, numberText(speed.median)));
  }
  return { parts, bottom: end + FOOT };
}

/** The next 1, 2, 4, 5 or 8 with zeros. */
export function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 8, 10].find((digit) => digit * power >= value) ?? 10;
  return step * power;
}
