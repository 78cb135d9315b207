import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Servers are where a user's PATH often does not reach. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The whole path of a program; null where it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  const paths = folders.filter((folder) => folder !== '').map((folder) => join(folder, name));
  return paths.find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The version that a program tells of itself, on whichever stream. */
export function versionOf(path: string, ...args: readonly string[]): string {
  const command = ['"$0" "$@" 2>&1 || true', path, ...args];
  const said = execFileSync('/bin/sh', ['-c', ...command], { encoding: 'utf8' });
  return /\d+\.\d[\w.+-]*/.exec(said)?.[0] ?? '?';
}
