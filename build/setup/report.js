import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * @typedef {'passed' | 'failed' | 'skipped' | 'pending'} State
 * @typedef {(
 *   | { event: 'file', file: string }
 *   | { event: 'test', file: string, test: string }
 *   | { event: 'result', file: string, test: string, state: State, tries: number, why: string }
 *   | { event: 'file end', file: string, failed: boolean, why: string }
 *   | { event: 'stray', why: string }
 * )} Line
 */

/** @param {readonly { message?: string }[]} errors */
function firstLine(errors) {
  const [first = '', second = ''] = (errors[0]?.message ?? '').trim().split('\n');
  // of a property: how it is tried again
  return second.startsWith('{ seed') ? `${first} ${second}` : first;
}

/**
 * A reporter for vitest that writes down what is going on as it happens, one object a line: a run that is
 * stopped has said what it did, and what it was at.
 * @param {string} path
 * @returns {import('vitest/node').Reporter}
 */
export function reportTo(path) {
  mkdirSync(dirname(path), { recursive: true });
  /** @param {Line} line */
  const write = (line) => appendFileSync(path, `${JSON.stringify(line)}\n`);
  /** @param {import('vitest/node').TestModule} module */
  const nameOf = ({ project, relativeModuleId }) => `${project.name} ${relativeModuleId}`;
  return {
    onTestModuleQueued: (module) => write({ event: 'file', file: nameOf(module) }),
    onTestModuleEnd: (module) => {
      const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors());
      const why = firstLine([...module.errors(), ...suites]);
      write({ event: 'file end', file: nameOf(module), failed: module.state() === 'failed', why });
    },
    onTestCaseReady: ({ module, fullName }) =>
      write({ event: 'test', file: nameOf(module), test: fullName }),
    onTestCaseResult: (test) => {
      const { state, errors } = test.result();
      const [file, why] = [nameOf(test.module), firstLine(errors ?? [])];
      const tries = 1 + (test.diagnostic()?.retryCount ?? 0);
      write({ event: 'result', file, test: test.fullName, state, tries, why });
    },
    onTestRunEnd: (_modules, errors) => {
      for (const error of errors) write({ event: 'stray', why: firstLine([error]) });
    },
  };
}
