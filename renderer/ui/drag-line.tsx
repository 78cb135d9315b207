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

const TARGET = '[data-drop-target]';

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
      const target = event.target instanceof Element ? event.target.closest(TARGET) : null;
      // what came in over it needs no way to it
      if (target !== null && isWithin(target, from)) svg.current.removeAttribute('data-held');
      else draw(svg.current, from, hand, faceOf(target));
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

function isWithin(element: Element, { x, y }: Point): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** null: a release there gives it to nobody yet. */
function faceOf(target: Element | null): Face | null {
  const face = target?.querySelector('[data-drop-end]');
  if (!face) return null;
  const { x, y, width, height } = face.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2, radiusPx: width / 2 };
}
