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

/** `_dropline._tcp` */
export const SERVICE_TYPE = 'dropline';
export const SERVICE_DOMAIN = `_${SERVICE_TYPE}._tcp.local`;

const VERSION = /^[1-9][0-9]{0,3}$/;

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

/** Reads the strings of a TXT record; null for what no Dropline would say. Never throws. */
export function decodeAnnouncement(strings: readonly Uint8Array[]): Hint | null {
  const pairs = readPairs(strings);
  const version = pairs?.get('v');
  const id = pairs?.get('id');
  const name = pairs?.get('n');
  if (version === undefined || !VERSION.test(version)) return null;
  if (id === undefined || !isPeerId(id)) return null;
  if (name === undefined) return null;
  return {
    version: Number(version),
    id,
    name: cleanDeviceName(name),
    platform: PLATFORMS.find((platform) => platform === pairs?.get('p')) ?? 'other',
  };
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

function readUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
