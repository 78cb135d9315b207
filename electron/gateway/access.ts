import { randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Who may use the console. Starting it makes one token, printed as part of a link; the first browser to
 * bring it gets the session, as a cookie that no script can read and no other site can have sent. The
 * session lives as long as the process.
 *
 * Cookies know no ports: a browser also shows this one to other servers on this computer's loopback.
 * Programs of the same user can do everything anyway; on a computer shared with strangers the console
 * is therefore as private as the browser's visits to 127.0.0.1 are.
 */
export interface Access {
  readonly token: string;
  /** The Set-Cookie value for the browser that brought the token; null where it is wrong or spent. */
  exchange(token: string): string | null;
  /** The same cookie again, so that it lasts as long as the console is used. */
  renewal(): string;
  isKnown(cookieHeader: string | undefined): boolean;
}

const SECRET_BYTES = 32;
/**
 * Lets a person close the browser and come back. Longer would only gather cookies of consoles that
 * have ended: each has its own port and so its own name.
 */
const COOKIE_SECONDS = 24 * 60 * 60;

export function createAccess(port: number): Access {
  const cookieName = `dropline-${String(port)}`;
  const token = randomBytes(SECRET_BYTES).toString('base64url');
  const session = randomBytes(SECRET_BYTES).toString('base64url');
  let isSpent = false;
  const renewal = (): string =>
    `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${String(COOKIE_SECONDS)}`;
  return {
    token,
    renewal,
    exchange: (given) => {
      if (isSpent || !isSameSecret(given, token)) return null;
      isSpent = true;
      return renewal();
    },
    isKnown: (header) =>
      cookieValues(header, cookieName).some((value) => isSameSecret(value, session)),
  };
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
