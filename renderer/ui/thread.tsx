import type { CSSProperties } from 'react';
import { ProgressBar } from 'react-aria-components';
import styles from './thread.module.css';

/**
 * How far something has come, as a line from one end to the other. `slack`: it hangs, nothing moves.
 * `drawn`: it is being drawn. `taut`: all is across and is being checked. `knot`: it is whole.
 * `broken`: it ends where the wire broke.
 */
export type ThreadState = 'slack' | 'drawn' | 'taut' | 'knot' | 'broken';

const WIDTH = 100;
const HEIGHT = 20;
const TOP = 6;
/** How deep the line hangs in the middle. */
const SAG: Readonly<Record<ThreadState, number>> = {
  slack: 11,
  drawn: 6,
  taut: 0,
  knot: 0,
  broken: 9,
};

function path(state: ThreadState): string {
  // the control point of a quadratic curve lies twice as deep as the curve itself
  return `M 0 ${TOP} Q ${WIDTH / 2} ${TOP + 2 * SAG[state]} ${WIDTH} ${TOP}`;
}

/** The control point lies in the middle, so the way along the line is the way across. */
function heightAt(state: ThreadState, fraction: number): number {
  return TOP + 4 * SAG[state] * fraction * (1 - fraction);
}

interface ThreadProps {
  readonly state: ThreadState;
  /** Between 0 and 1; null where it is not known. */
  readonly fraction: number | null;
  readonly label: string;
  /** What is read out in place of a per cent. */
  readonly valueLabel: string;
}

export function Thread({ state, fraction, label, valueLabel }: ThreadProps) {
  const reached = Math.min(1, Math.max(0, fraction ?? 0));
  const place: CSSProperties & Record<`--${string}`, string> = {
    '--reached': `${(reached * 100).toFixed(2)}%`,
    '--tip': `${heightAt(state, reached).toFixed(2)}px`,
    '--line': `path('${path(state)}')`,
  };
  return (
    <ProgressBar
      aria-label={label}
      valueLabel={valueLabel}
      value={reached * 100}
      isIndeterminate={fraction === null}
      className={styles['thread'] ?? ''}
    >
      <span className={styles['way']} data-state={state} style={place}>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path className={styles['track']} d={path(state)} />
        </svg>
        <svg
          className={styles['reached']}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path className={styles['line']} d={path(state)} />
        </svg>
        <span className={styles['start']} />
        {state === 'drawn' && <span className={styles['tip']} />}
        {state === 'knot' ? <Knot /> : <span className={styles['end']} />}
      </span>
    </ProgressBar>
  );
}

/** An overhand knot, drawn in one go. */
function Knot() {
  return (
    <svg className={styles['knot']} viewBox="0 0 30 20" aria-hidden="true">
      <path d="M0 10h9c6.5 0 9.5-7 5-8.2S8.5 9 12 13.5s10 2.5 8.5-2.5S14.5 6.5 17 10s6 0 12 0" />
    </svg>
  );
}
