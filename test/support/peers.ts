import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bench, Program } from './command.ts';

/** The peers that the textbook describes, in the languages that this computer has. */
export interface ThirtyLines {
  readonly language: string;
  send(bench: Bench, port: number, path: string): Program;
  /** Takes many files; says `listening PORT`. */
  receive(bench: Bench, directory: string): Program;
}

function program(language: string, command: string, ending: string): ThirtyLines {
  const script = (name: string) =>
    fileURLToPath(new URL(`./thirty-lines/${name}.${ending}`, import.meta.url));
  return {
    language,
    send: (bench, port, path) =>
      bench.start(command, [script('sender'), '127.0.0.1', String(port), path]),
    receive: (bench, directory) =>
      bench.start(command, [script('receiver'), '127.0.0.1', '0', directory, '--many']),
  };
}

function runs(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const THIRTY_LINES: readonly ThirtyLines[] = [
  program('Node', process.execPath, 'mjs'),
  ...(runs('python3') ? [program('Python', 'python3', 'py')] : []),
];
