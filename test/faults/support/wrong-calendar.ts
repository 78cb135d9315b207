import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A computer whose calendar is wrong, and which somebody sets while it works. */

/** Written by the test; read at every look at the calendar. */
export class Calendar {
  readonly env: { readonly DROPLINE_CALENDAR: string };
  readonly #path: string;

  constructor(path: string, aheadMs: number) {
    this.#path = path;
    this.env = { DROPLINE_CALENDAR: path };
    this.set(aheadMs);
  }

  set(aheadMs: number): void {
    writeFileSync(`${this.#path}.new`, String(aheadMs));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

/** From here on this thread sees the calendar of its environment; every thread must call it. */
export function followCalendar(path = process.env['DROPLINE_CALENDAR']): void {
  if (path === undefined) return;
  const Right = Date;
  const nowMs = (): number => Right.now() + Number(readFileSync(path, 'utf8'));
  globalThis.Date = new Proxy(Right, {
    construct: (_target, args: unknown[], newTarget) =>
      Reflect.construct(Right, args.length === 0 ? [nowMs()] : args, newTarget) as Date,
    apply: () => new Right(nowMs()).toString(),
    get: (target, name) => (name === 'now' ? nowMs : (Reflect.get(target, name) as unknown)),
  });
}
