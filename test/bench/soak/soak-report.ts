import type { SoakSample } from './samples.ts';
import { slopePerThousand } from './samples.ts';

const MIB = 1024 * 1024;

const FIGURES = [
  { says: 'resident, MiB', of: (s: SoakSample) => s.residentBytes / MIB },
  { says: 'heaps of all threads, MiB', of: (s: SoakSample) => s.heapBytes / MIB },
  { says: 'file descriptors', of: (s: SoakSample) => s.descriptors },
  { says: 'timers, sockets and other handles', of: (s: SoakSample) => s.resources },
];

/** Zero is never "-0.0". */
const tenths = (n: number): string => (Math.round(n * 10) / 10 + 0).toFixed(1);

/** A table in Markdown: where each figure was, and by how much it grows. */
export function soakReport(samples: readonly SoakSample[]): string {
  const rows = (['sender', 'receiver'] as const).flatMap((side) => {
    const own = samples.filter((sample) => sample.side === side);
    return FIGURES.map(({ says, of }) => {
      const values = own.map(of);
      const cells = [values[0] ?? NaN, values.at(-1) ?? NaN, Math.max(...values)];
      const slope = slopePerThousand(own, of);
      return `| ${side} | ${says} | ${[...cells, slope].map(tenths).join(' | ')} |`;
    });
  });
  return [
    '| side | what | first | last | most | more for each 1,000 transfers |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
