import { MAX_JSON_DEPTH } from './limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON that a stranger sent. null: not UTF-8, not JSON, nested deeper than MAX_JSON_DEPTH
 * (counted before parsing, so that depth cannot cost stack), or with a key that means something to
 * every JavaScript object.
 */
export function parseJson(payload: Uint8Array): unknown {
  if (tooDeep(payload)) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
    const value: unknown = JSON.parse(text);
    return hasReservedKey(value) ? null : value;
  } catch {
    return null;
  }
}

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function hasReservedKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasReservedKey);
  if (Object.hasOwn(value, '__proto__') || Object.hasOwn(value, 'constructor')) return true;
  return Object.values(value).some(hasReservedKey);
}

function tooDeep(payload: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < payload.length; at++) {
    const byte = payload[at];
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MAX_JSON_DEPTH) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}
