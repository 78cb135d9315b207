import { median } from '../statistics.ts';
import type { WindowFigures } from './run-window.ts';

/** What keeps a thread for longer is felt. */
const LONG_MS = 50;

/** A table in Markdown. */
export function windowReport(figures: WindowFigures): string {
  const { bundle, firstDeviceMs, idleShare, files, transferMs, longTasksMs } = figures;
  const [first = NaN, ...again] = firstDeviceMs;
  const many = files.toLocaleString('en');
  const longest = longTasksMs.length === 0 ? '' : `, the longest ${ms(Math.max(...longTasksMs))}`;
  const rows = [
    ['its script', `${kb(bundle.scriptBytes)}, packed ${kb(bundle.packedScriptBytes)}`],
    [
      'its style, and the words of one language',
      `${kb(bundle.styleBytes)}, ${kb(bundle.wordsBytes)}`,
    ],
    ['from opening it to the first device, the first time', ms(first)],
    [`the same again, median of ${again.length}`, ms(median(again))],
    ['of its thread while nothing goes on', `${(idleShare * 100).toFixed(2)} %`],
    [
      `kept from its thread for over ${LONG_MS} ms while ${many} files are sent in ${ms(transferMs)}, their list open`,
      `${longTasksMs.length} times${longest}`,
    ],
  ];
  return [
    '| the window, in Chromium | |',
    '| --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

function kb(bytes: number): string {
  return `${Math.round(bytes / 1000).toLocaleString('en')} kB`;
}

function ms(value: number): string {
  return `${Math.round(value).toLocaleString('en')} ms`;
}
