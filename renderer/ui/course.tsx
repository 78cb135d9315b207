import styles from './course.module.css';

const WIDTH = 100;
const HEIGHT = 24;
/** Fewer points are no course. */
const LEAST = 4;

/** How something went over time, from none to its highest: a small picture beside the figures. */
export function Course({
  values,
  label,
}: {
  readonly values: readonly number[];
  readonly label: string;
}) {
  if (values.length < LEAST) return null;
  const line = linePath(values);
  return (
    <svg
      className={styles['course']}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path className={styles['ground']} d={`${line} V ${HEIGHT} H 0 Z`} />
      <path className={styles['line']} d={line} />
    </svg>
  );
}

function linePath(values: readonly number[]): string {
  const highest = Math.max(...values, 1);
  const points = values.map((value, at) => {
    const x = (at / (values.length - 1)) * WIDTH;
    const y = HEIGHT - 1 - (Math.max(0, value) / highest) * (HEIGHT - 2);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M ${points.join(' L ')}`;
}
