import { memo } from 'react';
import type { FunctionComponent } from 'react';
import { speech } from './speech.ts';

/** Draws again only where something that it is given is another thing, or another language is spoken. */
export function steady<P extends object>(Drawn: FunctionComponent<P>): FunctionComponent<P> {
  const Kept = memo(function Kept({ given }: { given: P; spoken: unknown }) {
    return <Drawn {...given} />;
  }, isSame);
  return function Steady(given: P) {
    return <Kept given={given} spoken={speech()} />;
  };
}

interface Drawing {
  readonly given: object;
  readonly spoken: unknown;
}

function isSame(before: Drawing, now: Drawing): boolean {
  if (before.spoken !== now.spoken) return false;
  const [old, next] = [Object.entries(before.given), new Map(Object.entries(now.given))];
  return old.length === next.size && old.every(([name, value]) => Object.is(next.get(name), value));
}
