import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '..');

/** Only the fuzz targets, as long as they take. */
export default defineConfig({
  root,
  cacheDir: resolve(root, 'node_modules/.vite-tests'),
  test: {
    include: ['test/fuzz/*.fuzz.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 24 * 60 * 60_000,
    allowOnly: false,
  },
});
