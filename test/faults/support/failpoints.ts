import fs from 'node:fs';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { plainPath } from '../../support/plain-path.ts';

/**
 * Named moments at which the computer stops: what the file system is asked, of which kind of file, for
 * the how many-th time, before or after it is done. `part.fsync:after:1` is the moment when the first part
 * file is on the disk and nobody has been told. Lines of the journal share writes as it comes: there
 * `journal.writeSync(done):after:1` is the first that holds such a record. The product knows nothing of them.
 */
export type FileKind =
  /** A single file until it is whole. */
  | 'part'
  /** A folder until it is whole, and all in it. */
  | 'staged'
  | 'journal'
  | 'receipt'
  /** The folder that everything is delivered to. */
  | 'directory'
  /** Anything under the name that a person sees. */
  | 'name';

export interface Failpoint {
  readonly kind: FileKind;
  readonly operation: string;
  /** That what is written holds; null: whatever. */
  readonly record: string | null;
  readonly moment: 'before' | 'after';
  readonly nth: number;
}

/** The way of one file and one folder from the answer to the acknowledgement. */
export const STEPS = [
  'journal.openSync:after:1',
  'journal.writeSync:after:1',
  'journal.fsync:after:1',
  'staged.mkdirSync:after:1',
  'part.openSync:after:1',
  'part.writeSync:after:1',
  'part.futimesSync:before:1',
  'part.fsync:before:1',
  'part.fsync:after:1',
  'journal.writeSync(publishing):after:1',
  'journal.writeSync(wholes):after:1',
  'journal.writeSync(published):after:1',
  'journal.fsync:after:3',
  'name.linkSync:before:1',
  'name.linkSync:after:1',
  'part.unlinkSync:after:1',
  'staged.fsync:after:1',
  'staged.lutimesSync:after:1',
  'name.mkdirSync:after:1',
  'staged.renameSync:before:1',
  'name.renameSync:after:1',
  // the first is of the home folder, whose journals are new
  'directory.fsync:before:2',
  'directory.fsync:after:2',
  'journal.writeSync(done):after:1',
  'journal.renameSync:before:1',
  'journal.renameSync:after:1',
] as const;

export function parseFailpoint(text: string): Failpoint {
  const [what = '', moment = '', nth = '1'] = text.split(':');
  const [kind = '', operation = '', record = null] = what.split(/[.()]/);
  if (moment !== 'before' && moment !== 'after') throw new Error(`not a failpoint: ${text}`);
  return { kind: kind as FileKind, operation, record, moment, nth: Number(nth) };
}

export function kindOf(path: string, isDirectory: boolean): FileKind {
  if (path.includes('/journal/') || path.endsWith('/journal')) return 'journal';
  if (path.includes('/receipts/') || path.endsWith('/receipts')) return 'receipt';
  const hidden = path.split('/').filter((part) => part.startsWith('.dropline-'));
  if (hidden.length === 0) return isDirectory ? 'directory' : 'name';
  const [first = ''] = hidden;
  return first.includes('-folder-') || !path.endsWith(first) ? 'staged' : 'part';
}

type Call = (...args: unknown[]) => unknown;

/** Of these the second path is the one that comes to be. */
const TO_A_NAME: ReadonlySet<string> = new Set(['linkSync', 'renameSync']);

/**
 * A file system that calls `crash` at the failpoint. After it every operation fails, so that nothing more
 * reaches the disk; what is open can be closed, as the system does for whoever dies.
 */
export function withFailpoint(
  failpoint: Failpoint,
  crash: () => void,
  real: FileSystem = fs,
): FileSystem {
  const kinds = new Map<number, FileKind>();
  let count = 0;
  let crashed = false;

  const isNow = (operation: string, args: readonly unknown[]): boolean => {
    if (operation !== failpoint.operation) return false;
    const paths = args.filter((arg) => typeof arg === 'string').map(plainPath);
    const path = TO_A_NAME.has(operation) && failpoint.kind === 'name' ? paths[1] : paths[0];
    const kind = path === undefined ? kinds.get(Number(args[0])) : kindOf(path, false);
    if (kind !== failpoint.kind || !holds(failpoint.record, args[1])) return false;
    return ++count === failpoint.nth;
  };
  const stop = (): Error => {
    const isNews = !crashed;
    crashed = true;
    if (isNews) crash();
    return Object.assign(new Error('the computer has stopped'), { code: 'EIO' });
  };
  const sync: Call = (fd, done) => {
    const now = !crashed && isNow('fsync', [fd]);
    const answer = done as (error: Error | null) => void;
    if (crashed || (now && failpoint.moment === 'before')) setImmediate(answer, stop());
    else real.fsync(fd as number, (error) => answer(now || crashed ? stop() : error));
  };
  const wrapped = Object.keys(real).map((operation): [string, unknown] => {
    const call = (real as unknown as Record<string, unknown>)[operation];
    if (operation === 'fsync') return [operation, sync];
    if (typeof call !== 'function' || !operation.endsWith('Sync')) return [operation, call];
    const run: Call = (...args) => {
      if (crashed && operation !== 'closeSync') throw stop();
      const now = !crashed && isNow(operation, args);
      if (now && failpoint.moment === 'before') throw stop();
      const result = (call as Call)(...args);
      if (operation === 'openSync') {
        kinds.set(Number(result), openedKind(real, args, Number(result)));
        if (now) real.closeSync(Number(result)); // nobody else ever could
      }
      if (now) throw stop();
      return result;
    };
    return [operation, run];
  });
  return Object.fromEntries(wrapped) as unknown as FileSystem;
}

function holds(record: string | null, written: unknown): boolean {
  if (record === null) return true;
  return written instanceof Uint8Array && Buffer.from(written).includes(`"record":"${record}"`);
}

function openedKind(real: FileSystem, args: readonly unknown[], fd: number): FileKind {
  return kindOf(plainPath(String(args[0])), real.fstatSync(fd).isDirectory());
}
