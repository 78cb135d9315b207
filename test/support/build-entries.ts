import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { errnoOf } from '../../electron/engine/transfer/system-errors.ts';

const root = resolve(import.meta.dirname, '../..');

export interface BuiltEntries {
  /** Holds `NAME.js` for each entry, with a slash at its end. */
  readonly directory: URL;
  remove(): Promise<void>;
}

/** Builds a few entries as the product's build does, so that a test runs what it sees in the checkout. */
export async function buildEntries(
  entries: Readonly<Record<string, string>>,
): Promise<BuiltEntries> {
  const directory = await mkdtemp(join(tmpdir(), 'dropline-built-'));
  const input = Object.fromEntries(
    Object.entries(entries).map(([name, path]) => [name, resolve(root, path)]),
  );
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: ['zod'] },
    build: {
      ssr: true,
      outDir: join(directory, 'main'),
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: { input, output: { format: 'es', entryFileNames: '[name].js' } },
    },
  });
  await showPackages(directory);
  return {
    directory: pathToFileURL(join(directory, 'main/')),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** On Windows anybody may make a junction, and a link only who has the right to. */
async function showPackages(directory: string): Promise<void> {
  try {
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
  } catch (error) {
    // Wine makes neither, and its temporary folder is in the checkout, so that they are found without
    if (errnoOf(error) !== 'ENOTSUP') throw error;
  }
}
