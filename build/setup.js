import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProgram } from './setup/built.js';
import { check } from './setup/check.js';
import { fetchRuntime } from './setup/fetch-runtime.js';
import { linkCommand } from './setup/link-command.js';
import { alone } from './setup/lock.js';
import { installPackages } from './setup/packages.js';
import { run } from './setup/run.js';
import { findRuntime, runtimeIsChosen, whyNoElectron } from './setup/runtime.js';
import { say, SetupError } from './setup/say.js';
import { installTestTools } from './setup/system.js';
import { CHECK } from './setup/tally.js';

/**
 * What `npm start`, `npm test` and `npm run demo` call, on a machine that may have nothing but Node: it
 * brings what is missing, says in one line each what it does, and hands over. So it and build/setup/
 * import from Node only.
 */

const OLDEST_NODE = /** @type {const} */ ([20, 19]);
/** What a system answers for a program whose libraries it lacks. */
const CANNOT_BE_RUN = 127;

const root = fileURLToPath(new URL('..', import.meta.url));
const dropline = join(root, 'out', 'main', 'dropline.js');

function makeReady() {
  return alone(root, async () => {
    await installPackages(root);
    await buildProgram(root);
    linkCommand(root);
  });
}

/** @param {readonly string[]} args */
function openInBrowser(args) {
  return run(process.execPath, [dropline, 'console', ...args]);
}

/** @param {readonly string[]} args */
async function start(args) {
  await makeReady();
  const obstacle = runtimeIsChosen() ? null : whyNoElectron(root);
  const here = obstacle === null ? findRuntime(root) : null;
  const mayFetch = obstacle === null && here === null && !runtimeIsChosen();
  const runtime = mayFetch ? await alone(root, () => fetchRuntime(root)) : here;
  if (runtime === null) {
    const reason = obstacle ?? "Electron's runtime is not here and cannot be had now";
    say(`${reason}: opening the window in a browser instead`);
    return openInBrowser(args);
  }
  // Set by editors that are made with Electron themselves; it would make ours a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const code = await run(runtime, [root, ...args], { env });
  if (code !== CANNOT_BE_RUN) return code;
  say('Electron cannot run on this system: opening the window in a browser instead');
  return openInBrowser(args);
}

/** @param {readonly string[]} args */
async function demo(args) {
  await makeReady();
  return run(process.execPath, [dropline, 'demo', ...args]);
}

/** The check gives way to the tests, which wait for clocks and for one another. */
const CHECK_NICENESS = 5;

/**
 * Runs every test and, in the time that they wait, `npm run check`; what that says comes in one piece at
 * their end. One run shows it all. With arguments: vitest alone, with them. DROPLINE_TEST_REPORT names a
 * folder for the results.
 * @param {readonly string[]} args
 */
async function test(args) {
  await Promise.all([makeReady(), installTestTools()]);
  /** @type {string[]} */
  const said = [];
  const checking =
    args.length === 0 ? check(root, (text) => said.push(text), CHECK_NICENESS) : null;
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(root, 'build', 'vitest.config.ts');
  const tested = await run(process.execPath, [vitest, 'run', '--config', config, ...args]);
  if (checking === null) return tested;
  const failed = await checking;
  process.stderr.write(said.join(''));
  for (const step of failed) say(`npm run ${step} failed (see above)`);
  const report = process.env.DROPLINE_TEST_REPORT;
  if (report !== undefined) {
    mkdirSync(report, { recursive: true });
    writeFileSync(join(report, CHECK), failed.map((step) => `${step}\n`).join(''));
  }
  return failed.length > 0 ? 1 : tested;
}

async function main() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new SetupError(
      `Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}`,
    );
  }
  const [name, ...args] = process.argv.slice(2);
  if (name === 'start') return start(args);
  if (name === 'demo') return demo(args);
  if (name === 'test') return test(args);
  throw new SetupError('usage: node build/setup.js start|test|demo [arguments]');
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
