import { npmKept } from './run.js';

/**
 * Names of npm scripts: those of one line after one another, the lines side by side. Linting takes as long
 * as the others together.
 */
const LINES = [['lint'], ['types', 'imports', 'format:check']];

/** Someone stops it all: the steps that are left would outlive the run. */
const ENDED_BY_SIGNAL = 128;

/**
 * Runs every step, also when one fails, and hands over what each said in one piece.
 * @param {string} root
 * @param {(text: string) => void} show
 * @param {number} niceness above 0: gives way to what runs beside it
 * @returns {Promise<string[]>} the steps that failed
 */
export async function check(root, show, niceness = 0) {
  const lines = LINES.map(async (steps) => {
    /** @type {string[]} */
    const failed = [];
    for (const step of steps) {
      const { code, output } = await npmKept(['run', '--silent', step], { cwd: root }, niceness);
      if (code !== 0) failed.push(step);
      if (output !== '') show(`npm run ${step}:\n${output}`);
      if (code > ENDED_BY_SIGNAL) break;
    }
    return failed;
  });
  return (await Promise.all(lines)).flat();
}
