import type { Failure } from '../errors.ts';
import { failure } from '../errors.ts';
import type { NamePlatform } from './wire-path.ts';
import { planPath } from './wire-path.ts';

/** What the first bytes of a bare exchange are: a name that has no frame and no end mark (§10). */

export type PlainName =
  | { readonly ok: true; readonly name: string; readonly saved: string }
  | { readonly ok: false; readonly failure: Failure };

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;

/** The whole name as it came, judged as one component of a path and never as a path. */
export function readPlainName(bytes: Uint8Array, platform: NamePlatform): PlainName {
  const name = decoded(withoutEnding(bytes));
  if (name === null) return refused('ILL_FORMED');
  const plan = planPath([name], platform);
  if (!plan.ok) return refused(plan.reason);
  return { ok: true, name, saved: plan.saved[0] ?? '' };
}

function refused(reason: string): PlainName {
  return { ok: false, failure: failure('NAME_REFUSED', { reason }) };
}

/** Lines and C strings: one LF, CRLF or NUL at the end is not part of the name. */
function withoutEnding(bytes: Uint8Array): Uint8Array {
  const last = bytes.at(-1);
  if (last === NUL) return bytes.subarray(0, -1);
  if (last !== LF) return bytes;
  return bytes.subarray(0, bytes.at(-2) === CR ? -2 : -1);
}

/** Null: not UTF-8. A byte order mark is a letter like any other. */
function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const REQUEST_LINE = /^[A-Z]{3,16} [^\r\n]* HTTP\/\d(?:\.\d)?\r?\n/;
const SSH_BANNER = /^SSH-\d+\.\d+-/;
/** A request line longer than this is none that a browser opens with. */
const HEAD_BYTES = 2048;

/** Whether what has come so far is the opening of TLS, HTTP or SSH: somebody at the wrong port. */
export function isForeign(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x16 && bytes[1] === 0x03) return true;
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  return REQUEST_LINE.test(head) || SSH_BANNER.test(head);
}
