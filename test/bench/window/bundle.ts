import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of what a page loads, all languages with it, of which it takes one. */
export interface Bundle {
  readonly scriptBytes: number;
  readonly packedScriptBytes: number;
  readonly styleBytes: number;
  /** Of the largest language. */
  readonly wordsBytes: number;
}

/** The words of a language are a file of their own, called after it. */
const WORDS = /^(?:[a-z]{2}|zh-Han[st])-/;

export function bundleOf(directory: string): Bundle {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({ name, content: readFileSync(join(parentPath, name)) }));
  const scripts = files.filter(({ name }) => extname(name) === '.js');
  const words = scripts.filter(({ name }) => WORDS.test(name));
  const own = scripts.filter((file) => !words.includes(file));
  const bytesOf = (list: readonly { readonly content: Buffer }[]) =>
    list.reduce((sum, { content }) => sum + content.length, 0);
  return {
    scriptBytes: bytesOf(own),
    packedScriptBytes: own.reduce((sum, { content }) => sum + gzipSync(content).length, 0),
    styleBytes: bytesOf(files.filter(({ name }) => extname(name) === '.css')),
    wordsBytes: Math.max(0, ...words.map(({ content }) => content.length)),
  };
}
