import { readFileSync } from 'node:fs';
import { toHex } from '../../shared/protocol/hash-tree.ts';

/** PROTOCOL.md, taken apart for the tests that hold the code against it. */

export const protocolDocument = readFileSync(
  new URL('../../shared/protocol/PROTOCOL.md', import.meta.url),
  'utf8',
);

/** Throws where it is not there. */
export function section(heading: string): string {
  const from = protocolDocument.indexOf(`\n## ${heading}`);
  if (from < 0) throw new Error(`no section ${heading}`);
  const to = protocolDocument.indexOf('\n## ', from + 1);
  return protocolDocument.slice(from, to < 0 ? undefined : to);
}

/** The cells of every table row, without the marks of code. */
export function rows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|-]+$/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')));
}

/** Of the messages in that section's table. */
export function messageRows(heading: string): string[][] {
  return rows(section(heading)).filter(([type]) => /^\d+$/.test(type ?? ''));
}

/** The bodies of the blocks that are marked so. */
export function blocks(mark: string): string[] {
  const all = protocolDocument.matchAll(new RegExp(`\`\`\`${mark}\\n([^]*?)\\n\`\`\``, 'g'));
  return [...all].map(([, body]) => body ?? '');
}

export function fromSpacedHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
}

/** A message as the document shows it, and its frame. */
export interface Vector<T extends string = string> {
  /** The side that says it; '': it stands in no order. */
  readonly from: string;
  readonly shown: { readonly type: T; readonly content?: string; readonly bytes?: string };
  readonly frame: Uint8Array;
}

/** Of the blocks that are marked so, in order. */
export function vectorsOf<T extends string = string>(mark: string): Vector<T>[] {
  return blocks(mark).map((body) => {
    const [head = '', ...hex] = body.split('\n');
    const [, from = '', json = ''] = /^([A-Z] )?(.*)$/.exec(head) ?? [];
    const shown = JSON.parse(json) as Vector<T>['shown'];
    return { from: from.trim(), shown, frame: fromSpacedHex(hex.join('')) };
  });
}

/** Byte fields are hexadecimal in the document. */
export function shownAs(message: object): unknown {
  return JSON.parse(
    JSON.stringify(message, (_key, value: unknown) =>
      value instanceof Uint8Array ? toHex(value) : value,
    ),
  );
}
