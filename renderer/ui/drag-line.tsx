import { useEffect, useRef } from 'react';
import { isTaken } from './file-drop.ts';
import styles from './drag-line.module.css';

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Face extends Point {
  readonly radiusPx: number;
}

/** How deep it hangs, by its length, and at most. */
const LOOSE = { share: 0.22, mostPx: 110 } as const;
const BOUND = { share: 0.08, mostPx: 40 } as const;

/**
 * While something is held over the window: a line from where it came in to the hand, and to the face of
 * whom a release would give it to (`data-drop-end`, in what has `data-drop-target`). It follows the hand,
 * and nothing is drawn anew for it.
 */
export function DragLine() {
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    let from: Point | null = null;
    const hide = () => {
      from = null;
      svg.current?.removeAttribute('data-held');
    };
    const follow = (event: DragEvent) => {
      if (svg.current === null || !isTaken(event)) return;
      const hand = { x: event.clientX, y: event.clientY };
      from ??= hand;
      draw(svg.current, from, hand, faceAt(event.target));
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) hide();
    };
    window.addEventListener('dragenter', follow);
    window.addEventListener('dragover', follow);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', hide);
    return () => {
      window.removeEventListener('dragenter', follow);
      window.removeEventListener('dragover', follow);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', hide);
    };
  }, []);
  return (
    <svg ref={svg} className={styles['line']} aria-hidden="true">
      <path />
      <circle r="5" />
    </svg>
  );
}

function draw(svg: SVGSVGElement, from: Point, hand: Point, face: Face | null): void {
  const to = face ?? hand;
  const { share, mostPx } = face === null ? LOOSE : BOUND;
  const lengthPx = Math.hypot(to.x - from.x, to.y - from.y);
  // the control point of a quadratic curve lies twice as deep as the curve itself
  const deep = (from.y + to.y) / 2 + 2 * Math.min(mostPx, lengthPx * share);
  const bend = { x: (from.x + to.x) / 2, y: deep };
  const end = face === null ? hand : short(bend, face, face.radiusPx);
  svg.dataset['held'] = face === null ? 'loose' : 'bound';
  svg
    .querySelector('path')
    ?.setAttribute('d', `M ${from.x} ${from.y} Q ${bend.x} ${bend.y} ${end.x} ${end.y}`);
  const start = svg.querySelector('circle');
  start?.setAttribute('cx', String(from.x));
  start?.setAttribute('cy', String(from.y));
}

/** The point so far before the end of the way between them. */
function short(from: Point, to: Point, byPx: number): Point {
  const wayPx = Math.hypot(to.x - from.x, to.y - from.y);
  const share = wayPx > byPx ? byPx / wayPx : 1;
  return { x: to.x + (from.x - to.x) * share, y: to.y + (from.y - to.y) * share };
}

/** null: a release there gives it to nobody yet. */
function faceAt(place: EventTarget | null): Face | null {
  if (!(place instanceof Element)) return null;
  const face = place.closest('[data-drop-target]')?.querySelector('[data-drop-end]');
  if (!face) return null;
  const { x, y, width, height } = face.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2, radiusPx: width / 2 };
}
