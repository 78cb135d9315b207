import { resolve, sep } from 'node:path';

/** How what is below a folder is reached, so that no link is followed on the way. */
export interface Ways {
  /**
   * Calls with what each path is reached by; a path's last name is not looked at. Throws ELOOP where a
   * directory on the way is none, and what the call does.
   */
  through<R>(paths: readonly string[], call: (reached: readonly string[]) => R): R;
  /** The same for one path: it is the way of every file that comes. */
  reach<R>(path: string, call: (reached: string) => R): R;
  /** The same for a directory itself, which may be the folder. */
  into<R>(directory: string, call: (reached: string) => R): R;
  /** It has another name now, or is gone. */
  forget(path: string): void;
  release(): void;
}

/** A name on the way that is none, or leads elsewhere: it has to be worked out. */
const UNPLAIN = /\/(?:\.{0,2}\/|\.{0,2}$)/;

/** A path as it is looked up below `root`. Throws EINVAL where it is not there. */
export function pathBelow(root: string, path: string): string {
  const plain = sep === '/' && path.startsWith('/') && !UNPLAIN.test(path) ? path : resolve(path);
  const isBelow = plain === root || plain.startsWith(root.endsWith(sep) ? root : root + sep);
  if (!isBelow) throw wayError('EINVAL', path);
  return plain;
}

export function wayError(code: 'EINVAL' | 'ELOOP', path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
