import { MAX_JSON_DEPTH } from './limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON that a stranger sent. null: not UTF-8, not JSON, or nested deeper than MAX_JSON_DEPTH
 * (counted before parsing, so that depth cannot cost stack).
 */
export function parseJson(payload: Uint8Array): unknown {
  if (tooDeep(payload)) return null;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload));
  } catch {
    return null;
  }
}

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
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
