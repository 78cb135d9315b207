import { numberText } from '../report.ts';
import { spread } from '../statistics.ts';
import type { Axis, Point } from './points.ts';
import { costsOf } from './points.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

export const AXES: Readonly<Record<Axis, { readonly title: string; readonly unit: string }>> = {
  bytes: { title: 'one file that grows', unit: 'ms for each MiB' },
  files: { title: 'more and more files of 4 KiB', unit: 'µs for each file' },
};

export function amountText(amount: number, axis: Axis): string {
  if (axis === 'files') return amount.toLocaleString('en');
  if (amount < MIB) return `${amount} B`;
  return amount < GIB ? `${amount / MIB} MiB` : `${Math.round(amount / GIB)} GiB`;
}

/** A table in Markdown for each of the two. */
export function growthReport(points: readonly Point[]): string {
  return (['bytes', 'files'] as const).flatMap((axis) => tableOf(points, axis)).join('\n');
}

function tableOf(points: readonly Point[], axis: Axis): string[] {
  const costs = new Map(costsOf(points, axis).map(({ amount, perUnit }) => [amount, perUnit]));
  const rows = points
    .filter((point) => point.axis === axis)
    .map(({ amount, runs }) => {
      const time = spread(runs.map(({ deliveredMs }) => deliveredMs));
      const cost = costs.get(amount);
      const [sender, receiver] = [
        Math.max(...runs.map(({ senderPeakBytes }) => senderPeakBytes)) / MIB,
        Math.max(...runs.map(({ receiverPeakBytes }) => receiverPeakBytes)) / MIB,
      ];
      const cells = [
        amountText(amount, axis),
        `${runs.length}`,
        `${numberText(time.median)} (${numberText(time.min)}–${numberText(time.max)})`,
        cost === undefined ? '' : numberText(cost),
        `${sender.toFixed(0)} / ${receiver.toFixed(0)}`,
      ];
      return `| ${cells.join(' | ')} |`;
    });
  const { title, unit } = AXES[axis];
  return [
    '',
    `### ${title}`,
    '',
    `| how much | runs | ms from start to delivered | ${unit}, beyond the first row | peak MiB, sender / receiver |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ];
}
