import { existsSync, readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { cruise, getAvailableTranspilers } from 'dependency-cruiser';
import rules from '../dependency-cruiser.cjs';

const FOLDERS = ['shared', 'electron', 'renderer', 'test'];
const SOURCE = new Set(['.ts', '.tsx']);

/** @param {string} root */
function sourcesUnder(root) {
  return FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && SOURCE.has(extname(entry.name)))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')),
  );
}

/**
 * Runs the import rules over the program, and distrusts silence: a checker that cannot read TypeScript
 * finds no modules and calls that a success. So every source file on disk must have been read.
 * @param {string} root
 * @returns {Promise<{ modules: number, problems: string[] }>}
 */
export async function checkImports(root) {
  const typescript = getAvailableTranspilers().find(({ name }) => name === 'typescript');
  if (typescript?.available !== true) {
    const supported = typescript?.version ?? 'none';
    return { modules: 0, problems: [`this TypeScript cannot be read (supported: ${supported})`] };
  }
  const expected = sourcesUnder(root);
  if (expected.length === 0) {
    return { modules: 0, problems: ['no modules found: nothing was checked'] };
  }
  const { output } = await cruise(
    FOLDERS.filter((folder) => existsSync(join(root, folder))),
    {
      ...rules.options,
      ruleSet: { forbidden: rules.forbidden ?? [] },
      validate: true,
      baseDir: root,
    },
  );
  if (typeof output === 'string') return { modules: 0, problems: ['the checker gave no result'] };

  const read = new Set(output.modules.map(({ source }) => source));
  const missed = expected.filter((file) => !read.has(file));
  const broken = output.summary.violations.map(({ rule, from, to, cycle }) => {
    const way = cycle === undefined ? to : cycle.map(({ name }) => name).join(' -> ');
    return way === from ? `${from}: ${rule.name}` : `${from} -> ${way}: ${rule.name}`;
  });
  return {
    modules: expected.length - missed.length,
    problems: [...missed.map((file) => `${file}: was not read`), ...broken],
  };
}
