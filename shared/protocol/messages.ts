import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import { isErrorCode } from '../errors.ts';
import { CONTENTS } from '../model/content.ts';
import { PLATFORMS } from '../model/peer.ts';
import type { TransferId } from '../model/transfer.ts';
import { isTransferId } from '../model/transfer.ts';
import { decodeBinary, encodeBinary } from './binary-messages.ts';
import type { BinaryMessage } from './binary-messages.ts';
import type { FrameName } from './frame.ts';
import { FRAME_TYPES, encodeFrame } from './frame.ts';
import { encodeJson, parseJson } from './json.ts';
import { readEntry } from './read-entry.ts';
import {
  MAX_COMPONENT_BYTES,
  MAX_DONE_PROBLEMS,
  MAX_ENTRIES,
  MAX_FILE_BYTES,
  MAX_NAME_UNITS,
  MAX_OFFER_ITEMS,
  MAX_PAGE_ENTRIES,
  MIN_LANE_PORT,
} from './limits.ts';

/** The messages of PROTOCOL.md §5. Unknown fields are ignored; anything malformed decodes to null. */

export const HASH_ALGORITHMS = ['blake3', 'sha256'] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

/**
 * An array of bounded length that is read up to its first wrong element: zod alone would note an issue for
 * each of a frame's half a million.
 */
export function listOf<T>(element: z.ZodType<T>, min: number, max: number): z.ZodType<T[]> {
  return listReadBy((one) => element.safeParse(one).data ?? null, min, max);
}

/** `read`: null where the element is wrong. */
function listReadBy<T>(read: (one: unknown) => T | null, min: number, max: number): z.ZodType<T[]> {
  return z.unknown().transform((value, context): T[] => {
    const list: T[] = [];
    const fits = Array.isArray(value) && value.length >= min && value.length <= max;
    for (const one of fits ? (value as readonly unknown[]) : []) {
      const element = read(one);
      if (element === null) break;
      list.push(element);
    }
    if (fits && list.length === value.length) return list;
    context.addIssue('not such a list');
    return z.NEVER;
  });
}

const count = z.int().min(0);
const bytes = z.int().min(0).max(MAX_FILE_BYTES);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const laneToken = z.string().regex(/^[0-9a-f]{32}$/);
/** For messages that are only their type. */
export const nothing: z.ZodType<object> = z.object({});
export const wireCode = z.string().max(64).transform(toWireCode);
/** A name kept for a feature that this version does not have: ignoring it would garble a file. */
const absent = z.never().optional();
/** Longer names are cut, not refused: a device's name may not cost it a transfer. */
export const deviceName = z.string().transform((name) => name.slice(0, MAX_NAME_UNITS));

export type { Entries } from './entry-list.ts';
export type { Entry } from './read-entry.ts';

const schemas = {
  hello: z.object({
    versions: listOf(z.int().min(0).max(65535), 1, 32),
    name: deviceName,
    platform: z.enum(PLATFORMS).catch('other'),
    hashes: listOf(z.string().max(32), 0, 16),
    lanes: z.int().min(0).max(65535).optional().catch(undefined),
    failures: z.boolean().optional().catch(undefined),
    thumbnails: z.int().min(0).max(65535).optional().catch(undefined),
  }),
  offer: z.object({
    transferId: z.custom<TransferId>((v) => typeof v === 'string' && isTransferId(v)),
    items: listOf(
      z.object({ name: z.string().max(MAX_COMPONENT_BYTES), kind: z.enum(['file', 'folder']) }),
      1,
      MAX_OFFER_ITEMS,
    ),
    itemCount: z.int().min(1),
    files: count,
    directories: count,
    bytes,
    leftOut: count,
    /** Whatever else it may say later, it is a file all the same. */
    content: z.enum(CONTENTS).optional().catch(undefined),
    compression: absent,
  }),
  entries: z.object({ entries: listReadBy(readEntry, 1, MAX_PAGE_ENTRIES) }),
  ok: nothing,
  decline: z.object({ code: wireCode }),
  fileFailed: z.object({ index: count, code: wireCode }),
  verify: z.object({ hash }),
  done: z.object({
    files: count,
    bytes,
    failedCount: count,
    failed: listOf(z.object({ index: count, code: wireCode }), 0, MAX_DONE_PROBLEMS),
  }),
  ping: nothing,
  cancel: nothing,
  error: z.object({ code: wireCode }),
  pause: nothing,
  resume: nothing,
  skip: z.object({ code: wireCode, indexes: listOf(count, 1, MAX_ENTRIES) }),
  lane: z.object({ port: z.int().min(MIN_LANE_PORT).max(65535), token: laneToken }),
  spread: z.object({ index: count }),
  thumbnails: nothing,
  failed: z.object({ code: wireCode, indexes: listOf(count, 1, MAX_PAGE_ENTRIES) }),
} as const;

type JsonName = keyof typeof schemas;
type JsonMessages = {
  [N in JsonName]: { readonly type: N } & Readonly<z.infer<(typeof schemas)[N]>>;
};

export type JsonMessage = JsonMessages[JsonName];
export type Message = JsonMessage | BinaryMessage;
export type MessageOf<N extends Message['type']> = Extract<Message, { type: N }>;

const NAMES = new Map<number, FrameName>(
  Object.entries(FRAME_TYPES).map(([name, type]) => [type, name as FrameName]),
);

export function encodeMessage(message: Message): Uint8Array {
  const binary = encodeBinary(message);
  if (binary) return encodeFrame(FRAME_TYPES[message.type], binary);
  const { type, ...body } = withWireCodes(message);
  return encodeFrame(FRAME_TYPES[type], encodeJson(body));
}

/** What went wrong in here is named to the other side only by the codes of §8. */
function withWireCodes(message: Message): Message {
  if ('code' in message) return { ...message, code: toWireCode(message.code) };
  if (message.type !== 'done') return message;
  return { ...message, failed: message.failed.map((f) => ({ ...f, code: toWireCode(f.code) })) };
}

/** null: unknown type or malformed. A data frame never comes here. */
export function decodeMessage(type: number, payload: Uint8Array): Message | null {
  const name = NAMES.get(type);
  if (name === undefined || name === 'data') return null;
  if (name in schemas) return decodeJson(name as JsonName, payload);
  return decodeBinary(name, payload);
}

function decodeJson(name: JsonName, payload: Uint8Array): Message | null {
  const parsed = schemas[name].safeParse(payload.length === 0 ? {} : parseJson(payload));
  return parsed.success ? ({ type: name, ...parsed.data } as Message) : null;
}

/** Codes that may cross the wire (§8); any other reaches the other side as PEER_ERROR. */
const WIRE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CANCELLED',
  'DECLINED',
  'DIRECTORY_UNUSABLE',
  'DISK_ERROR',
  'DISK_FULL',
  'FILE_IN_USE',
  'FILE_TOO_BIG',
  'HASH_MISMATCH',
  'INTERRUPTED',
  'NAME_REFUSED',
  'NO_PERMISSION',
  'PAGE_CLOSED',
  'PAIRING_UNAVAILABLE',
  'PEER_BUSY',
  'PEER_TIMEOUT',
  'PLACE_REFUSED',
  'PROTOCOL_VIOLATION',
  'SOURCE_CHANGED',
  'SOURCE_UNREADABLE',
  'TOO_MANY_FILES',
  'VERSION_UNSUPPORTED',
]);

export function toWireCode(code: string): ErrorCode {
  return isErrorCode(code) && WIRE_CODES.has(code) ? code : 'PEER_ERROR';
}
