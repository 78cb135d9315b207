import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import type { Machine } from './results.ts';

export function describeMachine(
  versions: Machine['versions'],
  congestionControl: string,
  fileSystem: string,
): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? '?',
    cores: all.length,
    memoryBytes: totalmem(),
    system: `${distribution()}, Linux ${release()}`,
    versions,
    congestionControl,
    fileSystem,
  };
}

/** The one-minute load: the namespace has it from the whole machine. */
export function loadNow(): number {
  return Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[0]);
}

export function commitOf(checkout: string): string {
  try {
    const git = (...words: string[]) =>
      execFileSync('git', words, { cwd: checkout, encoding: 'utf8', stdio: 'pipe' }).trim();
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short=12', 'HEAD') + (isChanged ? ' with changes' : '');
  } catch {
    return 'unknown'; // unpacked from an archive
  }
}

function distribution(): string {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '?';
  } catch {
    return '?';
  }
}
