import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from './ports.ts';

/** The page has just asked for the ticket and uses it at once. */
export const PAGE_TICKET_LIFE_MS = 30_000;
const TICKET_BYTES = 32;

interface Open<T> {
  readonly ticket: string;
  readonly origin: string;
  readonly holder: T;
  readonly stopTimer: () => void;
}

/** One-time tickets that let one page of one origin in. */
export class PageTickets<T> {
  readonly #open = new Set<Open<T>>();
  readonly #clock: Clock;
  readonly #onExpired: (holder: T) => void;

  constructor(clock: Clock, onExpired: (holder: T) => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  create(origin: string, holder: T): string {
    const ticket = randomBytes(TICKET_BYTES).toString('hex');
    const open: Open<T> = {
      ticket,
      origin,
      holder,
      stopTimer: this.#clock.after(PAGE_TICKET_LIFE_MS, () => {
        this.#open.delete(open);
        this.#onExpired(holder);
      }),
    };
    this.#open.add(open);
    return ticket;
  }

  /** Whether any page of this origin is waited for. */
  expects(origin: string | undefined): boolean {
    return [...this.#open].some((open) => open.origin === origin);
  }

  /** Spends the ticket; null where it is wrong, spent, expired or made for another origin. */
  redeem(ticket: string, origin: string): T | null {
    let found: Open<T> | null = null;
    for (const open of this.#open) {
      if (isSame(open.ticket, ticket) && open.origin === origin) found = open;
    }
    if (found === null) return null;
    found.stopTimer();
    this.#open.delete(found);
    return found.holder;
  }

  close(): void {
    for (const open of this.#open) open.stopTimer();
    this.#open.clear();
  }
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
