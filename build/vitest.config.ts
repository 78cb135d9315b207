import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './setup/browser.js';
import { reportTo } from './setup/report.js';
import { TESTS } from './setup/tally.js';

const root = resolve(import.meta.dirname, '..');
const report = process.env['DROPLINE_TEST_REPORT'];
const browser = findBrowser();

/** Suites that run what is in out/, and the group in which they do: those of one go side by side. */
const SLOW = { terminal: 2, hosts: 2, faults: 3, window: 4, desktop: 4 } as const;
/** They own the machine's time; the rest wait for other processes, each in places of its own. */
const ALONE = ['faults'] as readonly string[];
const ENGINE = ['electron'] as readonly string[];

const ending = '**/*.test.{ts,tsx}';
const inside = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/${ending}`);

/** Order is by group: the cheap suites first, so that a plain mistake shows at once. */
function suite(name: string, groupOrder: number, include: string[], exclude: string[] = []) {
  const slow = name in SLOW;
  return {
    extends: true as const,
    test: {
      name,
      include,
      exclude,
      maxWorkers: ALONE.includes(name) ? 1 : 2,
      sequence: { groupOrder },
      globalSetup: slow ? [resolve(root, 'build/setup/must-be-built.js')] : [],
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
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    allowOnly: false,
    env: browser === null ? {} : { CHROME_PATH: browser },
    reporters: report === undefined ? ['default'] : ['default', reportTo(resolve(report, TESTS))],
    projects: [
      suite('unit', 0, [`test/${ending}`], inside([...ENGINE, ...Object.keys(SLOW)])),
      suite('engine', 1, inside(ENGINE)),
      ...Object.entries(SLOW).map(([name, group]) => suite(name, group, inside([name]))),
    ],
  },
});
