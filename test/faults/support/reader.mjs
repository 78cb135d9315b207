import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * What a person would find: an own process that knows nothing of the program, reads what is on the disk
 * and judges it. One question a line on standard input, one verdict a line on standard output.
 *
 * @typedef {{ bytes: number, sha256: string }} Version
 * @typedef {{ path: string, kind: 'file' | 'directory' | 'other', bytes: number, sha256: string }} Found
 * @typedef {{
 *   id: number,
 *   root: string,
 *   versions: Record<string, Version[]>,
 *   directories: string[],
 *   must: string[],
 *   whole: Record<string, string[]>,
 *   numbered: boolean,
 *   leftovers: boolean,
 *   untouched: Record<string, Version>,
 *   beside: { root: string, names: string[] } | null
 * }} Question
 *   `versions`: every path in `root` that may be a file, and what it may hold. `must`: those that have to
 *   be there. `whole`: folders that, once they hold anything, hold all of these. `numbered`: `a (2)`
 *   stands for `a`. `leftovers`: hidden names of transfers may be there. `untouched`: files anywhere that
 *   must be as they were. `beside`: a folder that may hold these names only.
 */

/** @param {string} path @returns {Version} */
function versionOf(path) {
  const content = readFileSync(path);
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** @param {string} root @param {string} below @returns {Found[]} */
function read(root, below) {
  return readdirSync(join(root, below)).flatMap((name) => {
    const path = below === '' ? name : `${below}/${name}`;
    // what is hidden may be at work, and is nobody's to read
    if (name.startsWith('.dropline-')) return [{ path, kind: 'other', bytes: 0, sha256: '' }];
    const stat = lstatSync(join(root, path));
    if (stat.isDirectory()) {
      const itself = /** @type {const} */ ({ path, kind: 'directory', bytes: 0, sha256: '' });
      return [itself, ...read(root, path)];
    }
    if (!stat.isFile()) return [{ path, kind: 'other', bytes: 0, sha256: '' }];
    return [{ path, kind: 'file', ...versionOf(join(root, path)) }];
  });
}

/** `a (2).txt` and `a (2)` for `a.txt` and `a`, in the first part. @param {string} path */
function unnumbered(path) {
  const [top = '', ...rest] = path.split('/');
  return [top.replace(/ \(\d+\)(?=\.[^.]*$|$)/, ''), ...rest].join('/');
}

/** @param {Version} a @param {Version} b */
const same = (a, b) => a.bytes === b.bytes && a.sha256 === b.sha256;

/** @param {Question} question */
function judge({ root, versions, directories, must, whole, numbered, leftovers, ...more }) {
  /** @type {string[]} */
  const wrong = [];
  const all = read(root, '');
  const isHidden = (/** @type {Found} */ { path }) =>
    path.split('/').some((part) => part.startsWith('.dropline-'));
  const hidden = all.filter(isHidden);
  const found = all.filter((entry) => !isHidden(entry));
  const nameOf = (/** @type {string} */ path) =>
    numbered && !(path in versions) && !directories.includes(path) ? unnumbered(path) : path;

  if (!leftovers) wrong.push(...hidden.map(({ path }) => `left behind: ${path}`));
  for (const entry of found) {
    const name = nameOf(entry.path);
    if (entry.kind === 'directory') {
      const expected = [...Object.keys(versions), ...directories];
      const known = expected.some((path) => path === name || path.startsWith(`${name}/`));
      if (!known) wrong.push(`a folder that nobody sent: ${entry.path}`);
    } else if (entry.kind === 'other' || !(name in versions)) {
      wrong.push(`a file that nobody sent: ${entry.path}`);
    } else if (!versions[name]?.some((version) => same(version, entry))) {
      wrong.push(`wrong bytes under a final name: ${entry.path} (${entry.bytes} bytes)`);
    }
  }
  const paths = new Set(found.map(({ path }) => path));
  wrong.push(...must.filter((path) => !paths.has(path)).map((path) => `not there: ${path}`));
  for (const [folder, members] of Object.entries(whole)) {
    const copies = [...paths].filter((path) => nameOf(path) === folder);
    for (const copy of copies) {
      if (![...paths].some((path) => path.startsWith(`${copy}/`))) continue;
      const missing = members.filter((path) => !paths.has(copy + path.slice(folder.length)));
      if (missing.length > 0) wrong.push(`a folder that is not whole: ${copy} lacks ${missing[0]}`);
    }
  }
  for (const [path, version] of Object.entries(more.untouched)) {
    if (!same(version, versionOf(path))) wrong.push(`no longer as it was: ${path}`);
  }
  if (more.beside !== null) {
    const { names } = more.beside;
    const strange = readdirSync(more.beside.root).filter((name) => !names.includes(name));
    wrong.push(...strange.map((name) => `outside of the folder: ${name}`));
  }
  return { wrong, found, hidden: hidden.map(({ path }) => path) };
}

/** @param {Question} question */
function answer(question) {
  try {
    return judge(question);
  } catch (error) {
    return { wrong: [`cannot be read: ${String(error)}`], found: [], hidden: [] };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = /** @type {Question} */ (JSON.parse(line));
  process.stdout.write(`${JSON.stringify({ id: question.id, ...answer(question) })}\n`);
}
