import type { PeerId, Platform } from '../model/peer.ts';
import { isPeerId, PLATFORMS } from '../model/peer.ts';
import { cleanDeviceName } from './device-name.ts';
import { MAX_TXT_BYTES } from './limits.ts';

/** PROTOCOL.md §11: what a device says of itself by mDNS. All of it is a hint, none of it is proof. */
export interface Hint {
  /** The newest protocol version it speaks. */
  readonly version: number;
  readonly id: PeerId;
  readonly name: string;
  readonly platform: Platform;
}

/**
 * What a device says that shows itself only to those it is paired with: nothing in it belongs to the
 * person or stays the same, and only who holds a meeting key can tell whose a mark is.
 */
export interface VeiledHint {
  readonly version: number;
  /** 32 hex digits, new with each announcement. */
  readonly nonce: string;
  /** 16 hex digits each: one for each paired device, the rest random. */
  readonly marks: readonly string[];
}

/** `_dropline._tcp` */
export const SERVICE_TYPE = 'dropline';
export const SERVICE_DOMAIN = `_${SERVICE_TYPE}._tcp.local`;

const VERSION = /^[1-9][0-9]{0,3}$/;
const NONCE = /^[0-9a-f]{32}$/;
const MARK_DIGITS = 16;
const MARKS = /^(?:[0-9a-f]{16})+$/;
const MARK_KEYS = ['m0', 'm1', 'm2', 'm3'] as const;
/** As many as fit one TXT string of 255 bytes with its key. */
const MARKS_PER_STRING = 15;

export const MAX_MARKS = MARK_KEYS.length * MARKS_PER_STRING;

/** The service's instance and host label: a person's name may hold dots, which DNS splits at. */
export function instanceName(id: PeerId): string {
  return `dropline-${id.slice(0, 12)}`;
}

/** The pairs of the TXT record. */
export function encodeAnnouncement(hint: Hint): Readonly<Record<string, string>> {
  return {
    v: String(hint.version),
    id: hint.id,
    n: cleanDeviceName(hint.name),
    p: hint.platform,
  };
}

/** The label of one that does not say who it is. */
export function veiledInstanceName(nonce: string): string {
  return `dropline-${nonce.slice(0, 12)}`;
}

/** The pairs of the TXT record. Marks beyond MAX_MARKS are left out. */
export function encodeVeiled({ version, nonce, marks }: VeiledHint): Record<string, string> {
  const pairs: Record<string, string> = { v: String(version), r: nonce };
  for (const [at, key] of MARK_KEYS.entries()) {
    const part = marks.slice(at * MARKS_PER_STRING, (at + 1) * MARKS_PER_STRING);
    if (part.length > 0) pairs[key] = part.join('');
  }
  return pairs;
}

/**
 * What a mark is the first 8 bytes of, by HMAC-SHA-256 with the meeting key of a pair. It names who
 * announces, so that an announcement thrown back at its maker is not taken for the other's.
 */
export function markInput(nonce: string, announcer: PeerId): Uint8Array {
  return new TextEncoder().encode(`dropline-here-v1 ${nonce} ${announcer}`);
}

/** Reads the strings of a TXT record; null for what no Dropline would say. Never throws. */
export function decodeAnnouncement(strings: readonly Uint8Array[]): Hint | VeiledHint | null {
  const pairs = readPairs(strings);
  const version = pairs?.get('v');
  const id = pairs?.get('id');
  const name = pairs?.get('n');
  if (pairs === null || version === undefined || !VERSION.test(version)) return null;
  if (pairs.has('r')) return decodeVeiled(Number(version), pairs);
  if (id === undefined || !isPeerId(id)) return null;
  if (name === undefined) return null;
  return {
    version: Number(version),
    id,
    name: cleanDeviceName(name),
    platform: PLATFORMS.find((platform) => platform === pairs.get('p')) ?? 'other',
  };
}

function decodeVeiled(version: number, pairs: ReadonlyMap<string, string>): VeiledHint | null {
  const nonce = pairs.get('r') ?? '';
  if (!NONCE.test(nonce)) return null;
  const marks: string[] = [];
  for (const key of MARK_KEYS) {
    const part = pairs.get(key);
    if (part === undefined) break;
    if (!MARKS.test(part)) return null;
    for (let at = 0; at < part.length; at += MARK_DIGITS) {
      marks.push(part.slice(at, at + MARK_DIGITS));
    }
  }
  return { version, nonce, marks };
}

/** Keys are case-insensitive and the first of two counts (RFC 6763 §6.4). */
function readPairs(strings: readonly Uint8Array[]): ReadonlyMap<string, string> | null {
  let bytes = 0;
  for (const string of strings) bytes += string.length + 1;
  if (bytes > MAX_TXT_BYTES) return null;
  const pairs = new Map<string, string>();
  for (const string of strings) {
    const text = readUtf8(string);
    if (text === null) return null;
    const equals = text.indexOf('=');
    if (equals < 1) continue;
    const key = text.slice(0, equals).toLowerCase();
    if (!pairs.has(key)) pairs.set(key, text.slice(equals + 1));
  }
  return pairs;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
