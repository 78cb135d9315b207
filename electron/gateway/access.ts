import { randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Who may use the console. Starting it makes one link with a token; the first browser to bring it gets the
 * session, as a cookie that no script can read and no other site can have sent. The session lives as long
 * as the process.
 *
 * Cookies know no ports: a browser also shows this one to other servers on this computer's loopback. On
 * Linux it is of no use to their owners, since the server looks whose program has connected (callers.ts).
 */
export interface Access {
  /** For the person's own eyes. */
  readonly token: string;
  /** The same entrance, for a command line that others on this computer may read: good for a minute. */
  readonly openerToken: string;
  /** Spends both where it lets one in. */
  exchange(token: string): Exchange;
  /** The same cookie again, so that it lasts as long as the console is used. */
  renewal(): string;
  isKnown(cookieHeader: string | undefined): boolean;
}

export type Exchange =
  /** The Set-Cookie value for the browser that brought it. */
  | { readonly isIn: true; readonly cookie: string }
  | { readonly isIn: false; readonly why: Refusal };

/** `used`: by whoever was first. `late`: the opener's, after its minute. `locked`: nobody for a minute. */
export type Refusal = 'unknown' | 'used' | 'late' | 'locked';

const SECRET_BYTES = 32;
/**
 * Lets a person close the browser and come back. Longer would only gather cookies of consoles that
 * have ended: each has its own port and so its own name.
 */
const COOKIE_SECONDS = 24 * 60 * 60;
/** A browser that starts cold on a slow computer is there by then. */
export const OPENER_LINK_MS = 60_000;
/** No person opens that many old links, and nobody guesses 256 bits in them. */
export const MAX_WRONG_TOKENS = 10;
export const LOCKED_MS = 60_000;

/** `nowMs`: a monotonic clock. */
export function createAccess(port: number, nowMs: () => number): Access {
  const cookieName = `dropline-${String(port)}`;
  const [token, openerToken, session] = [newSecret(), newSecret(), newSecret()];
  const openerEndsMs = nowMs() + OPENER_LINK_MS;
  let isSpent = false;
  let wrongTokens = 0;
  let lockedUntilMs = -Infinity;

  function refusal(given: string): Refusal | null {
    if (nowMs() < lockedUntilMs) return 'locked';
    const isOpeners = isSameSecret(given, openerToken);
    if (!isOpeners && !isSameSecret(given, token)) {
      wrongTokens += 1;
      if (wrongTokens % MAX_WRONG_TOKENS === 0) lockedUntilMs = nowMs() + LOCKED_MS;
      return 'unknown';
    }
    if (isSpent) return 'used';
    return isOpeners && nowMs() > openerEndsMs ? 'late' : null;
  }

  const renewal = (): string =>
    `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${String(COOKIE_SECONDS)}`;
  return {
    token,
    openerToken,
    renewal,
    exchange: (given) => {
      const why = refusal(given);
      if (why !== null) return { isIn: false, why };
      isSpent = true;
      return { isIn: true, cookie: renewal() };
    },
    isKnown: (header) =>
      cookieValues(header, cookieName).some((value) => isSameSecret(value, session)),
  };
}

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

function cookieValues(header: string | undefined, name: string): string[] {
  const prefix = `${name}=`;
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
}

/** Takes as long for a near miss as for a far one; the length is no secret. */
function isSameSecret(given: string, secret: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}
