import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './setup/browser.js';
import { quickFolder } from './setup/quick-folder.js';
import { reportTo } from './setup/report.js';
import { TESTS } from './setup/tally.js';

const root = resolve(import.meta.dirname, '..');
const report = process.env['DROPLINE_TEST_REPORT'];
const browser = findBrowser();
const quick = quickFolder();

/**
 * Suites that run what is in out/, and the group in which they do: those of one go side by side, and at the
 * end of each group a core waits for the last file.
 */
const SLOW = { terminal: 1, hosts: 1, window: 1, desktop: 1, faults: 2 } as const;
/** Every suite waits a part of its time, for other processes and for clocks. */
const WORKERS = { 0: 3, 1: 4, 2: 3 } as const;
/**
 * On a machine that others use, a test of real processes may lose a race once, and a property may find after
 * months what nobody had thought of: neither has to do with the change at hand. Both get a second try in
 * .ci/run, which names each test that took it, with the seed: a defect, of the test or of the product.
 */
const SECOND_TRIES = process.env['CI'] === undefined ? 0 : 1;
/** What is built once for all files of a suite. */
const BUILT: Readonly<Record<string, readonly string[]>> = {
  unit: ['workers'],
  terminal: ['workers'],
  faults: ['children'],
  window: ['workers', 'harness'],
};

const ending = '**/*.test.{ts,tsx}';
const inside = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/${ending}`);

/** Order is by group: the cheap suites first, so that a plain mistake shows at once. */
function suite(
  name: string,
  groupOrder: keyof typeof WORKERS,
  include: string[],
  exclude: string[],
) {
  const mustBeBuilt = name in SLOW ? ['build/setup/must-be-built.js'] : [];
  const shared = (BUILT[name] ?? []).map((what) => `test/support/shared-${what}.ts`);
  return {
    extends: true as const,
    test: {
      name,
      include,
      exclude,
      maxWorkers: WORKERS[groupOrder],
      retry: SECOND_TRIES,
      sequence: { groupOrder },
      // files share a process, which loads what they import once: a quarter of what it all costs
      isolate: false,
      env: name === 'unit' && quick !== null ? { TMPDIR: quick } : {},
      globalSetup: [...mustBeBuilt, ...shared].map((path) => resolve(root, path)),
    },
  };
}

export default defineConfig({
  root,
  cacheDir: resolve(root, 'node_modules/.vite-tests'),
  test: {
    environment: 'node',
    pool: 'forks',
    // Real processes, sockets and browsers: a bound on a hang, never a measure of speed.
    testTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    hookTimeout: 180_000,
    teardownTimeout: 10_000,
    allowOnly: false,
    env: browser === null ? {} : { CHROME_PATH: browser },
    reporters: report === undefined ? ['default'] : ['default', reportTo(resolve(report, TESTS))],
    projects: [
      suite('unit', 0, [`test/${ending}`], inside(Object.keys(SLOW))),
      ...Object.entries(SLOW).map(([name, group]) => suite(name, group, inside([name]), [])),
    ],
  },
});
