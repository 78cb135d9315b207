/** One line on what is being done, on standard error: standard output belongs to the program. */
/** @param {string} line */
export function say(line) {
  process.stderr.write(`dropline: ${line}\n`);
}

/** What a person can act on; shown as one line, without a stack. */
export class SetupError extends Error {}
