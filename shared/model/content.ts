import { cleanDeviceName } from '../protocol/device-name.ts';
import { MAX_TEXT_BYTES } from '../protocol/limits.ts';
import type { Item } from './item.ts';

export { MAX_TEXT_BYTES };

export const CONTENTS = ['text', 'link'] as const;
/** What the one file of a transfer is to people where it is more than a file: they read it as it comes. */
export type Content = (typeof CONTENTS)[number];

/** A web address, as the browser would go there: its host in the letters of the name system. */
export interface Link {
  readonly href: string;
  readonly host: string;
  /** A name stands before the host, and may look like one. */
  readonly hasUserInfo: boolean;
}

/** No host of the name system is longer. */
const MAX_HOST_UNITS = 253;

/** A browser writes each byte of a text as three characters at most, and spells the host anew. */
export const MAX_HREF_UNITS = 4 * MAX_TEXT_BYTES;

/** null: it is no address of the web, or more than that. Every other scheme stays a text. */
export function linkOf(text: string): Link | null {
  const said = text.trim();
  if (!/^https?:\/\/[^\s\p{C}]+$/iu.test(said) || !URL.canParse(said)) return null;
  const { protocol, host, hostname, href, username, password } = new URL(said);
  const isHost = hostname !== '' && hostname.length <= MAX_HOST_UNITS;
  if (!/^https?:$/.test(protocol) || !isHost) return null;
  return { href, host, hasUserInfo: username !== '' || password !== '' };
}

const encoder = new TextEncoder();

export function textBytes(text: string): number {
  return encoder.encode(text).length;
}

/** What a text is sent as; null: there is nothing in it, or more than a text may hold. */
export function contentOf(text: string): Content | null {
  if (text.trim() === '' || text.length > MAX_TEXT_BYTES) return null;
  if (textBytes(text) > MAX_TEXT_BYTES) return null;
  return linkOf(text) === null ? 'text' : 'link';
}

interface Offered {
  readonly content?: Content | undefined;
  readonly items: readonly Pick<Item, 'kind'>[];
  readonly totals: { readonly files: number; readonly directories: number; readonly bytes: number };
}

/** An offer's own word for it counts only where there is one file, no longer than a text may be. */
export function offeredContent({ content, items, totals }: Offered): Content | undefined {
  // where it lies in a folder, the folder is what was received
  const isAlone = items.length === 1 && items[0]?.kind === 'file';
  const isOne = isAlone && totals.files === 1 && totals.directories === 0;
  return isOne && totals.bytes > 0 && totals.bytes <= MAX_TEXT_BYTES ? content : undefined;
}

const EXTENSION = '.txt';
const MAX_TITLE_UNITS = 48;
/** What no system takes in a name; a mark at either end would hide it, or is cut off. */
const NOT_IN_NAMES = /[<>:"/\\|?*\s]+/g;
const AT_THE_ENDS = /^[.\s]+|[.\s]+$/g;

/** Under this name it comes to whoever knows files only: its first words, or where the link leads. */
export function textFileName(text: string, fallback: string): string {
  const link = linkOf(text);
  const [first = ''] = text.trimStart().split(/[\r\n]/, 1);
  const words = cleanDeviceName(link?.host ?? first, fallback).replace(NOT_IN_NAMES, ' ');
  const short = cut(words).replace(AT_THE_ENDS, '');
  return `${short === '' ? fallback : short}${EXTENSION}`;
}

/** Between two words where there are any, and never within a character. */
function cut(words: string): string {
  if (words.length <= MAX_TITLE_UNITS) return words;
  const whole = words.slice(0, MAX_TITLE_UNITS).replace(/[\ud800-\udbff]$/, '');
  const end = whole.lastIndexOf(' ');
  return `${(end > MAX_TITLE_UNITS / 2 ? whole.slice(0, end) : whole).replace(/[\s,;]+$/, '')}…`;
}

/** How it is called in a list. The name of a file that was received is a claim, as every name is. */
export function contentTitle(fileName: string): string {
  return fileName.endsWith(EXTENSION) ? fileName.slice(0, -EXTENSION.length) : fileName;
}
