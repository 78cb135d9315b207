import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { SetupError } from './say.js';

const windows = process.platform === 'win32';

/**
 * The exit code of a child, as a shell would give it.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}

/** npm hands a signal to a shell, which dies of it without handing it on: its end is the signal. */
const ORPHAN_CHECK_MS = 500;

/**
 * Runs a command in the foreground and lets it decide how it ends: a Ctrl-C reaches it from the
 * terminal, any other signal is handed on, and this process outlives it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {(child: import('node:child_process').ChildProcess) => void} started
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, options = {}, started = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: 'inherit', ...options });
    started(child);
    /** @param {NodeJS.Signals} signal */
    const handOn = (signal) => {
      const alreadyGotIt = signal === 'SIGINT' && process.stdin.isTTY;
      if (!alreadyGotIt) child.kill(signal);
    };
    const startedBy = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid !== startedBy) child.kill('SIGTERM');
    }, ORPHAN_CHECK_MS);
    const signals = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    const letGo = () => {
      clearInterval(watch);
      for (const signal of signals) process.off(signal, handOn);
    };
    for (const signal of signals) process.on(signal, handOn);
    child.once('error', (cause) => {
      letGo();
      reject(new SetupError(`${command} could not be started: ${cause.message}`, { cause }));
    });
    // after its streams have ended, where they are read here
    child.once('close', (code, signal) => {
      letGo();
      resolve(exitCode(code, signal));
    });
  });
}

/**
 * Runs a command and keeps what it says on either stream, in the order in which it is said.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {number} niceness above 0: it and what it starts give way to others
 */
export async function runKept(command, args, options = {}, niceness = 0) {
  /** @type {string[]} */
  const said = [];
  const stdio = /** @type {const} */ (['ignore', 'pipe', 'pipe']);
  const code = await run(command, args, { ...options, stdio: [...stdio] }, (child) => {
    if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => said.push(text));
    }
  });
  return { code, output: said.join('') };
}

/**
 * npm, by the very file that runs now where npm started us, else by its name. On Windows its name is a
 * batch file, which needs a shell: no argument given here comes from outside.
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {[string, string[], import('node:child_process').SpawnOptions]}
 */
function npmCommand(args, options) {
  const itself = process.env.npm_execpath;
  if (itself !== undefined && /npm-cli\.c?js$/.test(itself)) {
    return [process.execPath, [itself, ...args], options];
  }
  return ['npm', [...args], { shell: windows, ...options }];
}

/**
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export const npm = (args, options = {}) => run(...npmCommand(args, options));

/**
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {number} niceness
 */
export const npmKept = (args, options = {}, niceness = 0) =>
  runKept(...npmCommand(args, options), niceness);
