import type { CSSProperties, ReactNode } from 'react';
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
function heightAt(state: ThreadState, fraction: number): string {
  return `${(TOP + 4 * SAG[state] * fraction * (1 - fraction)).toFixed(2)}px`;
}

const share = (fraction: number): string => `${(fraction * 100).toFixed(2)}%`;

interface ThreadProps {
  readonly state: ThreadState;
  /** Between 0 and 1; null where it is not known. */
  readonly fraction: number | null;
  /** Where it was broken once and taken up again, between 0 and 1; null or 0: nowhere. */
  readonly takenUpAt?: number | null;
  /** A picture of who is at that end; null: this side. */
  readonly from?: ReactNode;
  readonly to?: ReactNode;
  readonly label: string;
  /** What is read out in place of a per cent. */
  readonly valueLabel: string;
}

export function Thread({ state, fraction, label, valueLabel, ...props }: ThreadProps) {
  const { takenUpAt = null, from = null, to = null } = props;
  const reached = Math.min(1, Math.max(0, fraction ?? 0));
  const spliced = takenUpAt === null ? 0 : Math.min(takenUpAt, reached);
  const place: CSSProperties & Record<`--${string}`, string> = {
    '--reached': share(reached),
    '--left': (1 - reached).toFixed(4),
    '--tip': heightAt(state, reached),
    '--line': `path('${path(state)}')`,
    '--splice': share(spliced),
    '--splice-height': heightAt(state, spliced),
  };
  return (
    <ProgressBar
      aria-label={label}
      valueLabel={valueLabel}
      value={reached * 100}
      isIndeterminate={fraction === null}
      className={styles['thread'] ?? ''}
    >
      {from !== null && <Face>{from}</Face>}
      <span className={styles['way']} data-state={state} style={place}>
        <Line className={styles['rest']} name={styles['track']} d={path(state)} />
        <span className={styles['reached']}>
          <span>
            <Line className={undefined} name={styles['line']} d={path(state)} />
          </span>
        </span>
        {from === null && <span className={styles['start']} />}
        {to === null && <span className={styles['end']} />}
        {spliced > 0 && <span className={styles['splice']} data-taken-up="" />}
        {state === 'drawn' && (
          <span className={styles['carried']}>
            <span className={styles['tip']} />
          </span>
        )}
        {state === 'broken' && <Frays />}
        {state === 'knot' && <Knot />}
      </span>
      {to !== null && <Face>{to}</Face>}
    </ProgressBar>
  );
}

function Line(props: {
  readonly className: string | undefined;
  readonly name: string | undefined;
  readonly d: string;
}) {
  return (
    <svg
      className={props.className}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className={props.name} d={props.d} />
    </svg>
  );
}

function Face({ children }: { readonly children: ReactNode }) {
  return (
    <span className={styles['face']} aria-hidden="true">
      {children}
    </span>
  );
}

/** Tied in a bow, as the string round a parcel is. */
function Knot() {
  return (
    <svg className={styles['knot']} viewBox="0 0 32 26" aria-hidden="true">
      <path d="M16 13C10.5 1 .5 2.5 3 8.5c1.5 3.6 8.5 4.5 13 4.5C20.5 13 27.5 12.1 29 8.5 31.5 2.5 21.5 1 16 13" />
      <path d="M16 13c-1.5 4.5-4 8-7.5 9.5M16 13c1.5 4.5 4 8 7.5 9.5" />
      <circle cx="16" cy="13" r="3" />
    </svg>
  );
}

/** The loose ends of what has come apart. */
function Frays() {
  return (
    <svg className={styles['frays']} viewBox="0 0 30 20" aria-hidden="true">
      <path d="M0 6c3 0 5-1.5 7.5-4.5M0 6c3.5.3 6 .3 9 .2M0 6c3 .8 5 2.4 6.8 5.4" />
      <path className={styles['torn']} d="M30 6c-3.5 0-6 2.5-7.5 8" />
    </svg>
  );
}
