import { readlinkSync } from 'node:fs';
import { normalize } from 'node:path';

/** The path that a person would use, of one that goes through an open directory. */
export function plainPath(path: string): string {
  try {
    const plain = path.replace(/^\/proc\/\d+\/fd\/\d+/, (held) => readlinkSync(held));
    return normalize(plain).replace(/(?<=.)\/$/, '');
  } catch {
    return path; // no descriptor of ours: another system's, in memory
  }
}
