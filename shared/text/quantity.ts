/** Numbers with units, by Intl. */

export interface Units {
  readonly locale: string;
  /** What a kilobyte holds. */
  readonly step: 1000 | 1024;
  /** Of figures that change while they are looked at: they keep their width, so that nothing jumps. */
  readonly isSteady: boolean;
}

const NAMES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

function scale(count: number, step: number): { readonly value: number; readonly power: number } {
  let value = count;
  let power = 0;
  // 999.95 would be written as 1,000
  while (value >= step - 0.05 * (power === 0 ? 0 : 1) && power < NAMES.length - 1) {
    value /= step;
    power += 1;
  }
  return { value, power };
}

function format(
  count: number,
  suffix: '' | '-per-second',
  { locale, step, isSteady }: Units,
): string {
  const { value, power } = scale(Math.max(0, count), step);
  const isWhole = power === 0 || (isSteady && value >= 100);
  return numbers(locale, {
    style: 'unit',
    unit: `${NAMES[power] ?? 'byte'}${suffix}`,
    unitDisplay: power === 0 && suffix === '' ? 'long' : 'short',
    minimumFractionDigits: isSteady && !isWhole ? 1 : 0,
    maximumFractionDigits: isWhole ? 0 : 1,
  }).format(value);
}

const made = new Map<string, Intl.NumberFormat>();

/** To make one costs twenty times what it costs to use one, and every row of a list needs the same few. */
function numbers(locale: string, style: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${Object.values(style).join(' ')}`;
  const known = made.get(key);
  if (known) return known;
  const format = new Intl.NumberFormat(locale, style);
  made.set(key, format);
  return format;
}

export function formatBytes(bytes: number, units: Units): string {
  return format(bytes, '', units);
}

export function formatRate(bytesPerSecond: number, units: Units): string {
  // below a kilobyte a rate is noise
  return format(Math.max(bytesPerSecond, units.step), '-per-second', units);
}

export interface Remaining {
  readonly unit: 'soon' | 'seconds' | 'minutes' | 'hours';
  readonly count: number;
}

/** Rounded the more coarsely the farther away it is, so that it does not jump about. */
export function roundRemaining(ms: number): Remaining {
  const seconds = ms / 1000;
  if (seconds < 3) return { unit: 'soon', count: 0 };
  if (seconds < 20) return { unit: 'seconds', count: Math.ceil(seconds) };
  if (seconds < 55) return { unit: 'seconds', count: Math.ceil(seconds / 5) * 5 };
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 90) return { unit: 'minutes', count: minutes };
  return { unit: 'hours', count: Math.round(minutes / 60) };
}
