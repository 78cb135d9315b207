import { describe, expect, it } from 'vitest';
import { niceCeiling, plotOf } from './plot.ts';
import { bySpeed, markdownTable, numberText, reportOf } from './report.ts';
import type { Results, Sample, WorkResult } from './results.ts';
import { withReport } from './save.ts';

const NAME = 'Dropline (Node 24.0.0)';

const samples = (contender: string, ...wallMs: readonly number[]): Sample[] =>
  wallMs.map((ms, n) => ({ contender, round: n + 1, wallMs: ms, cpuSeconds: 2 }));

const work: WorkResult = {
  id: 'file',
  title: 'one <file>',
  unit: 'MB/s',
  bytes: 1e9,
  files: 1,
  contenders: [
    { name: 'rsync daemon', does: 'not encrypted' },
    { name: NAME, does: 'all' },
    { name: 'socat', does: 'never ran' },
  ],
  samples: [...samples('rsync daemon', 2000, 4000, 1000), ...samples(NAME, 1000, 2000, 1000)],
  probes: [
    {
      contender: NAME,
      round: 1,
      senderMs: 10,
      receiverMs: 60,
      besideSenderMs: 2,
      besideReceiverMs: 58,
    },
  ],
  failures: ['socat, file, round 0: no'],
};

const results: Results = {
  startedAt: '2026-01-02T03:04:05.000Z',
  commit: 'abc',
  seed: 3,
  rounds: 3,
  machine: {
    cpu: 'A & B',
    cores: 2,
    memoryBytes: 8e9,
    system: 'Linux',
    versions: { rsync: '3.2' },
    congestionControl: 'cubic',
    fileSystem: 'tmpfs',
  },
  load: { before: 0.5, after: 2 },
  missing: ['socat (package socat)'],
  works: [work],
};

describe('the report', () => {
  const report = reportOf(results);

  it('says where, with what, and what was missing or failed', () => {
    for (const part of ['commit abc', 'seed 3', 'cubic', 'rsync 3.2', 'tmpfs', '0.5, 2']) {
      expect(report).toContain(part);
    }
    expect(report).toContain('Not here: socat (package socat)');
    expect(report).toContain('- socat, file, round 0: no');
  });

  it('shows the fastest first, with the ratio of the same rounds', () => {
    const rows = report.split('\n').filter((line) => line.includes('–') && line.includes('encr'));
    expect(rows.map((row) => row.split('|').map((cell) => cell.trim()))).toEqual([
      ['', 'rsync daemon', '500', '250–1,000', '2.00', '', '2.00 (1.00–2.00)', 'not encrypted', ''],
    ]);
    expect(bySpeed(work).map(({ name }) => name)).toEqual([NAME, 'rsync daemon']);
  });

  it('judges what was measured', () => {
    const verdicts = report.split('What it has to reach')[1]?.split('\n') ?? [];
    const line = (start: string) => verdicts.find((row) => row.startsWith(`| ${start}`));
    expect(line('one big file')).toContain('aim reached');
    expect(line("longest stall of the sender's main thread")).toContain('aim reached');
    expect(line("longest stall of the receiver's main thread")).toContain('**missed**');
  });

  it('puts beside a stall what an idle thread saw', () => {
    const [row] = report.split('\n').filter((line) => line.startsWith('| file '));
    const cells = row?.split('|').map((cell) => cell.trim());
    expect(cells?.slice(2, 5)).toEqual(['(Node 24.0.0)', '10.0 / 2.00', '60.0 / 58.0']);
  });
});

describe('the plot', () => {
  const plot = plotOf(results);
  const numbers = (pattern: RegExp) => [...plot.matchAll(pattern)].map(([, text]) => Number(text));

  it('begins every bar at zero, as long as its median', () => {
    const widths = numbers(/<rect class="(?:own|bar)" x="180" y="[\d.]+" width="([\d.]+)"/g);
    expect(widths).toEqual([550, 275]);
  });

  it('draws from the slowest to the fastest round', () => {
    expect(numbers(/class="line" x1="([\d.]+)"/g)).toEqual([455, 317.5]);
    expect(numbers(/class="line" x1="[\d.]+" y1="[\d.]+" x2="([\d.]+)"/g)).toEqual([730, 730]);
  });

  it('is read in the light and in the dark, and names are no markup', () => {
    expect(plot).toContain('prefers-color-scheme:dark');
    expect(plot).toContain('one &lt;file>');
    expect(plot).toContain('A &amp; B');
  });

  it.each([
    [0.03, 0.04],
    [1, 1],
    [1.1, 2],
    [460, 500],
    [9000, 10_000],
  ])('has room for %d up to %d', (value, most) => expect(niceCeiling(value)).toBeCloseTo(most));
});

describe('the README', () => {
  const start = '<!-- bench: written by `npm run bench -- --save` -->';
  const readme = `before\n${start}\nold\n<!-- end of bench -->\nafter\n`;

  it('gets the new report in place of the old one', () => {
    const text = withReport(readme, 'new');
    expect(text).toBe(`before\n${start}\n\nnew\n\n<!-- end of bench -->\nafter\n`);
    expect(withReport(text, 'new')).toBe(text);
  });

  it('must have a place for it', () => {
    expect(() => withReport('nothing', 'new')).toThrow('no place');
  });
});

it('numbers have three digits that matter', () => {
  expect([0, 0.0456, 1.234, 12.34, 123.4, 12_345.6].map(numberText)).toEqual([
    '0.00',
    '0.046',
    '1.23',
    '12.3',
    '123',
    '12,346',
  ]);
});

it('columns are as wide as what is in them', () => {
  expect(markdownTable(['', 'wide'], [['a', 'b']])).toBe(
    ['|     | wide |', '| --- | ---- |', '| a   | b    |'].join('\n'),
  );
});
