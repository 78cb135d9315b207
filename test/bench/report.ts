import { DROPLINE, droplines, judge, samplesOf } from './floors.ts';
import type { Verdict } from './floors.ts';
import type { InRound, Spread } from './statistics.ts';
import { median, pairedRatio, spread } from './statistics.ts';
import type { ProbeSample, Results, Sample, WorkResult } from './results.ts';

/** The tables of a run, in Markdown. */

const MIB = 1024 * 1024;
const GB = 1e9;
const MB = 1e6;

export function reportOf(results: Results): string {
  const works = results.works.flatMap((work) => ['', `### ${titleOf(work)}`, '', workTable(work)]);
  const failures = results.works.flatMap((work) => work.failures.map((why) => `- ${why}`));
  return [
    ...aboutLines(results),
    ...works,
    ...(failures.length === 0 ? [] : ['', 'Failed:', '', ...failures]),
    '',
    '### What it has to reach',
    '',
    verdictTable(judge(results.works)),
    ...stallLines(results.works),
  ].join('\n');
}

function aboutLines({
  machine,
  rounds,
  load,
  seed,
  missing,
  commit,
  startedAt,
}: Results): string[] {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${startedAt.slice(0, 10)}, commit ${commit}, seed ${seed}. ${rounds} rounds in shuffled order after one to warm up; every copy compared.`,
    `${machine.cpu}, ${machine.cores} cores, ${(machine.memoryBytes / GB).toFixed(0)} GB, ${machine.system}; ${machine.fileSystem}, TCP ${machine.congestionControl}. Load before and after: ${load.before}, ${load.after}.`,
    `${versions.join('; ')}.`,
    ...(missing.length === 0 ? [] : [`Not here: ${missing.join('; ')}.`]),
  ];
}

function titleOf({ title, files, bytes }: WorkResult): string {
  const count = files === 1 ? '' : `${files.toLocaleString('en')} files, `;
  return `${title} (${count}${(bytes / MB).toFixed(0)} MB)`;
}

/** In the unit of the work. */
export function speedOf(work: WorkResult, { wallMs }: Pick<Sample, 'wallMs'>): number {
  if (work.unit === 'ms') return wallMs;
  const amount = work.unit === 'MB/s' ? work.bytes / MB : work.files;
  return amount / (wallMs / 1000);
}

export function speedsOf(work: WorkResult, contender: string): Spread | null {
  const speeds = samplesOf(work, contender).map((sample) => speedOf(work, sample));
  return speeds.length === 0 ? null : spread(speeds);
}

/** Fastest first. */
export function bySpeed(work: WorkResult): { name: string; does: string; speed: Spread }[] {
  return work.contenders
    .flatMap(({ name, does }) => {
      const speed = speedsOf(work, name);
      return speed === null ? [] : [{ name, does, speed }];
    })
    .toSorted((a, b) => (b.speed.median - a.speed.median) * (work.unit === 'ms' ? -1 : 1));
}

const inRounds = (samples: readonly Sample[], read: (sample: Sample) => number): InRound[] =>
  samples.map((sample) => ({ round: sample.round, value: read(sample) }));

function workTable(work: WorkResult): string {
  const own = droplines(work);
  const head = ['', work.unit, 'min–max', 'CPU s/GB', 'memory MiB', ...own.map(ratioHead), 'does'];
  const rows = bySpeed(work).map(({ name, does, speed }) => {
    const samples = samplesOf(work, name);
    const cpu = median(samples.map(({ cpuSeconds }) => cpuSeconds / (work.bytes / GB)));
    const isLatency = work.unit === 'ms';
    const wallMs = (who: string) => inRounds(samplesOf(work, who), (sample) => sample.wallMs);
    const ratios = own.map((dropline) =>
      name === dropline ? '' : spreadText(pairedRatio(wallMs(name), wallMs(dropline))),
    );
    return [
      name,
      numberText(speed.median),
      `${numberText(speed.min)}–${numberText(speed.max)}`,
      isLatency ? '' : cpu.toFixed(2),
      memoryText(samples),
      ...ratios,
      does,
    ];
  });
  return markdownTable(head, rows);
}

/** How many times as fast Dropline is. */
const ratioHead = (name: string) => `${name} is ×`;

function memoryText(samples: readonly Sample[]): string {
  const all = samples.flatMap(({ memory }) => memory ?? []);
  if (all.length === 0) return '';
  const over = (read: (memory: (typeof all)[number]) => number) =>
    median(all.map((memory) => (read(memory) - memory.idleBytes) / MIB)).toFixed(0);
  const idle = (median(all.map(({ idleBytes }) => idleBytes)) / MIB).toFixed(0);
  return `${idle} idle, +${over((m) => m.senderPeakBytes)} / +${over((m) => m.receiverPeakBytes)}`;
}

function verdictTable(verdicts: readonly Verdict[]): string {
  const head = ['', 'against', 'by', 'median', 'min–max', 'at least', 'aim', ''];
  const rows = verdicts.map(({ says, against, contender, value, floor, aim, verdict }) => [
    says,
    against ?? '',
    contender.replace(DROPLINE, '').trim(),
    numberText(value.median),
    `${numberText(value.min)}–${numberText(value.max)}`,
    String(floor),
    String(aim),
    { aim: 'aim reached', held: 'held', missed: '**missed**' }[verdict],
  ]);
  return markdownTable(head, rows);
}

/** Beside what an idle thread saw in the same transfer: so much of a stall is not Dropline's. */
function stallLines(works: readonly WorkResult[]): string[] {
  const rows = works.flatMap((work) =>
    droplines(work).flatMap((contender) => {
      const probes = work.probes.filter((probe) => probe.contender === contender);
      if (probes.length === 0) return [];
      const ms = (read: (probe: ProbeSample) => number) => numberText(median(probes.map(read)));
      return [
        [
          work.id,
          contender.replace(DROPLINE, '').trim(),
          `${ms(({ senderMs }) => senderMs)} / ${ms(({ besideSenderMs }) => besideSenderMs)}`,
          `${ms(({ receiverMs }) => receiverMs)} / ${ms(({ besideReceiverMs }) => besideReceiverMs)}`,
        ],
      ];
    }),
  );
  if (rows.length === 0) return [];
  const head = [
    'longest stall, ms',
    '',
    'sender: main / idle thread',
    'receiver: main / idle thread',
  ];
  return ['', markdownTable(head, rows)];
}

function spreadText(value: Spread | null): string {
  if (value === null) return '';
  return `${numberText(value.median)} (${numberText(value.min)}–${numberText(value.max)})`;
}

/** Three digits that matter, and no more. */
export function numberText(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.1) return value.toPrecision(2);
  if (Math.abs(value) < 10) return value.toFixed(2);
  if (Math.abs(value) < 100) return value.toFixed(1);
  return Math.round(value).toLocaleString('en');
}

export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((title, n) =>
    Math.max(3, title.length, ...rows.map((row) => row[n]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, n) => (cells[n] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
