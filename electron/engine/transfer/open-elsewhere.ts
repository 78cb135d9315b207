import { DroplineError } from '../../../shared/errors.ts';
import type { Clock, FileSystem } from './ports.ts';
import { realClock } from './ports.ts';
import { errnoOf } from './system-errors.ts';

/** What Windows answers for what is open: EPERM for a folder in which something is. */
const OPEN_ELSEWHERE: ReadonlySet<string> = new Set(['EBUSY', 'EPERM', 'EACCES']);
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 500;
/** A scanner is through with a large program by then. What is never let go costs this once, and not each time. */
const PATIENCE_MS = 20_000;
/** However much was waited for in vain: an indexer is through by then. */
const LEAST_MS = 1_000;

/** On Windows another program may have open what this error tells of. */
export function isOpenElsewhere(fs: FileSystem, error: unknown): boolean {
  return fs.isWindows === true && OPEN_ELSEWHERE.has(errnoOf(error));
}

/**
 * Scanners and indexers open each new file for a moment. On Windows that file can then not be renamed or
 * removed, nor a folder that it is in. Such a step is done again as a whole: between two tries nothing of
 * it is left on the disk.
 */
export class OpenElsewhere {
  readonly #fs: FileSystem;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #isWanted: () => boolean;
  #leftMs = PATIENCE_MS;

  constructor(fs: FileSystem, isWanted: () => boolean, clock: Pick<Clock, 'after'> = realClock) {
    this.#fs = fs;
    this.#isWanted = isWanted;
    this.#clock = clock;
  }

  /** At most so long, for one path. Throws FILE_IN_USE where it was not let go, and what the step does. */
  async outwait<T>(path: string, step: () => T, mostMs = PATIENCE_MS): Promise<Awaited<T>> {
    const patienceMs = Math.min(mostMs, Math.max(this.#leftMs, LEAST_MS));
    let waitedMs = 0;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        return await step();
      } catch (error) {
        if (!isOpenElsewhere(this.#fs, error)) throw error;
        if (waitedMs >= patienceMs || !this.#isWanted()) {
          this.#leftMs -= waitedMs;
          const details = { path, reason: errnoOf(error) };
          throw new DroplineError('FILE_IN_USE', details, { cause: error });
        }
      }
      waitedMs += waitMs;
      await new Promise<void>((resolve) => {
        this.#clock.after(waitMs, resolve);
      });
    }
  }
}
