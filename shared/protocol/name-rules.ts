import { graphemes } from './graphemes.ts';
import { toHex } from './hash-tree.ts';
import { MAX_COMPONENT_BYTES } from './limits.ts';
import { sha256 } from './sha256.ts';

/** What one name becomes on each system (PROTOCOL.md §7). Names are never normalised, only mapped. */

export type NamePlatform = 'linux' | 'mac' | 'win';

/** Why a name is refused. Only an attacker sends one of these, so the whole offer goes with it. */
export type NameProblem = 'BLANK' | 'SEPARATOR' | 'NUL' | 'ILL_FORMED' | 'TOO_LONG';

/** What a file system takes: bytes of UTF-8 on Linux, UTF-16 units on the others. */
const MAX_STORED = 255;
/** An ending longer than this is not one that tells a kind of file. */
const EXTENSION = /\.[^.\s]{1,32}$/u;

/** Nothing but dots, blanks and what cannot be seen, and what old Windows calls fold into those. */
const BLANK = /^[.\s\p{Z}\p{DI}\u2800\u2024-\u2026\ufe19\ufe30\ufe52\uff0e]*$/u;
/**
 * What would deceive anywhere: controls, whatever is invisible or turns text around, and the backslash that one
 * system reads as a separator. Joiners and variation selectors stay: Persian and emoji need them.
 */
const DECEPTIVE = /(?![\u200c\u200d\p{VS}])[\\\p{Cc}\p{DI}\p{Zl}\p{Zp}\p{NChar}\ufff9-\ufffb]/gu;
/** Names that Dropline itself gives while it receives, also as a file system that skips joiners reads them. */
const OUR_OWN = /^\.dropline-/iu;
const JOINERS = /[\u200c\u200d]/gu;

const MAC_ILLEGAL = /:/g;
const WINDOWS_ILLEGAL = /[:<>"|?*]/g;
/** Windows drops these from the end of a name, which would then be another one. */
const WINDOWS_DROPPED = /[. ]+$/;
/** With any extension, these open a device and not a file; any blank may be folded into a plain one first. */
const WINDOWS_DEVICE =
  /^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]|conin\$|conout\$|clock\$)\s*(?:\.|$)/iu;
/** Read by the shell when somebody only looks into the folder. */
const WINDOWS_SHELL = /^(?:desktop\.ini|autorun\.inf)$/iu;
/** A short name that may stand for another file: `GIT~1` for `.git`. */
const WINDOWS_ALIAS = /^(?=[^.]{1,8}(?:\.|$))([^.]{1,6})~(?=\d{1,6}(?:\.[^.]{0,3})?$)/u;

const ASCII = /^[ -~]*$/;

const encoder = new TextEncoder();

/** Null: the name may cross. */
export function nameProblem(name: string): NameProblem | null {
  if (BLANK.test(name)) return 'BLANK';
  if (name.includes('/')) return 'SEPARATOR';
  if (name.includes('\0')) return 'NUL';
  if (/\p{Cs}/u.test(name)) return 'ILL_FORMED';
  return utf8Bytes(name) > MAX_COMPONENT_BYTES ? 'TOO_LONG' : null;
}

/** The name under which a legal one is saved. Mapping a mapped name changes nothing. */
export function mappedName(name: string, platform: NamePlatform): string {
  let mapped = name.replace(DECEPTIVE, '_');
  if (mapped.startsWith('.') && OUR_OWN.test(mapped.replace(JOINERS, ''))) mapped = `_${mapped}`;
  if (platform === 'mac') mapped = mapped.replace(MAC_ILLEGAL, '_');
  if (platform === 'win') mapped = windowsName(mapped);
  return shortened(mapped, name, platform);
}

function windowsName(name: string): string {
  const mapped = name
    .replace(WINDOWS_ILLEGAL, '_')
    .replace(WINDOWS_DROPPED, (end) => '_'.repeat(end.length))
    .replace(WINDOWS_ALIAS, '$1_');
  return WINDOWS_DEVICE.test(mapped) || WINDOWS_SHELL.test(mapped) ? `_${mapped}` : mapped;
}

/**
 * A name that cannot be stored keeps its beginning and its extension, and between them 8 digits of the
 * SHA-256 of what it was: two long names that differ only where they are cut stay two.
 */
function shortened(mapped: string, original: string, platform: NamePlatform): string {
  const size = platform === 'linux' ? utf8Bytes : utf16Units;
  if (size(mapped) <= MAX_STORED) return mapped;
  const { stem, extension } = splitExtension(mapped);
  const mark = `~${toHex(sha256(encoder.encode(original)).subarray(0, 4))}`;
  return cutTo(stem, MAX_STORED - mark.length - size(extension), size) + mark + extension;
}

/** Room for ` (99999999)`: the cut of a long name must not depend on the number it gets. */
const NUMBER_ROOM = 11;

/**
 * `report.pdf`, 2 -> `report (2).pdf`; a folder is numbered at its end. It can be stored wherever `name`
 * can: a name over 255 bytes comes from a system that counts units.
 */
export function numberedName(name: string, n: number, kind: 'file' | 'directory'): string {
  const { stem, extension } = numberable(name, kind);
  return `${stem} (${String(n)})${extension}`;
}

export interface SplitName {
  readonly stem: string;
  readonly extension: string;
}

/** What a number is put between, short enough for any number there can be. */
export function numberable(name: string, kind: 'file' | 'directory'): SplitName {
  const size = utf8Bytes(name) > MAX_STORED ? utf16Units : utf8Bytes;
  const { stem, extension } =
    kind === 'file' ? splitExtension(name) : { stem: name, extension: '' };
  return { stem: cutTo(stem, MAX_STORED - NUMBER_ROOM - size(extension), size), extension };
}

/**
 * Two names with one key would be one file there. Linux tells all names apart; the others fold case, by no
 * language's rules, and composition; a Mac's older file system also skips joiners.
 */
export function collisionKey(name: string, platform: NamePlatform): string {
  if (platform === 'linux') return name;
  if (ASCII.test(name)) return name.toLowerCase();
  const seen = platform === 'mac' ? name.replace(JOINERS, '') : name;
  const lower = seen.normalize('NFC').toLowerCase();
  return lower.replace(/[^\p{ASCII}]/gu, foldedVariant).normalize('NFC');
}

/** Letters with two small forms (sigma, long s, micro) come down to one; dotless i stays its own. */
function foldedVariant(letter: string): string {
  const upper = letter.toUpperCase();
  if (letter === '\u0131' || upper.length !== letter.length) return letter;
  const lower = upper.toLowerCase();
  return lower.length === letter.length ? lower : letter;
}

/** The last extension only; `.bashrc` has none, and neither has `Dr. Who and the rest`. */
function splitExtension(name: string): SplitName {
  const extension = EXTENSION.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  return /[^.]/.test(stem) ? { stem, extension } : { stem: name, extension: '' };
}

type Size = (text: string) => number;

/** Counts a lone surrogate as the three bytes of its replacement. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x800) bytes += 2;
    else if (unit >= 0x80) bytes += 1;
    // the two halves of a pair are four bytes together, and were counted as six
    if (unit >= 0xdc00 && unit <= 0xdfff && isHighSurrogate(text.charCodeAt(at - 1))) bytes -= 2;
  }
  return bytes;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function utf16Units(text: string): number {
  return text.length;
}

/** The longest beginning that fits, of whole graphemes where the last of them is not itself too long. */
function cutTo(text: string, room: number, size: Size): string {
  if (size(text) <= room) return text;
  let used = 0;
  let end = 0;
  for (const point of text) {
    used += size(point);
    if (used > room) break;
    end += point.length;
  }
  return text.slice(0, graphemeStart(text, end));
}

/** Longer graphemes than this are nobody's letters; looking only so far back keeps a cut cheap. */
const GRAPHEME_UNITS = 32;

function graphemeStart(text: string, end: number): number {
  if (ASCII.test(text.slice(end - 1, end + 1))) return end;
  let from = Math.max(0, end - GRAPHEME_UNITS);
  if (from > 0 && isHighSurrogate(text.charCodeAt(from - 1))) from += 1;
  const near = text.slice(from, end + 2);
  const start = from + (graphemes(near).containing(end - from)?.index ?? end - from);
  return start === from ? end : start;
}
