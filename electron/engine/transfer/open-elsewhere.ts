import { DroplineError } from '../../../shared/errors.ts';
import type { Clock, FileSystem } from './ports.ts';
import { realClock } from './ports.ts';
import { reasonOf } from './system-errors.ts';

/** What Windows answers for what is open: EPERM for a folder in which something is. */
const OPEN_ELSEWHERE: ReadonlySet<string> = new Set(['EBUSY', 'EPERM', 'EACCES']);
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 500;
/** A scanner is through with a large program by then. What is never let go costs this once, and not each time. */
const PATIENCE_MS = 20_000;
/** For a scanner, where more depends on it than one name. Who has it open to work in it would be waited for in vain. */
export const SCANNER_PATIENCE_MS = 2_000;
/** However much was waited for in vain: an indexer is through by then. */
const LEAST_MS = 1_000;

/** On Windows another program may have open what this error tells of. */
export function isOpenElsewhere(fs: FileSystem, error: unknown): boolean {
  return fs.isWindows === true && OPEN_ELSEWHERE.has(reasonOf(error));
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
  #isStopped = false;
  /** Ends each wait that is under way. */
  readonly #waits = new Set<() => void>();

  constructor(fs: FileSystem, isWanted: () => boolean, clock: Pick<Clock, 'after'> = realClock) {
    this.#fs = fs;
    this.#isWanted = isWanted;
    this.#clock = clock;
  }

  /** Each step has one try from here on, and those that wait have none. */
  stopWaiting(): void {
    this.#isStopped = true;
    for (const end of this.#waits) end();
  }

  /**
   * At most so long, for one path. Throws FILE_IN_USE where it was not let go, INTERRUPTED and CANCELLED
   * where nobody waits any more, and what the step does. What nobody wants is not tried.
   */
  async outwait<T>(path: string, step: () => T, mostMs = PATIENCE_MS): Promise<Awaited<T>> {
    const patienceMs = Math.min(mostMs, Math.max(this.#leftMs, LEAST_MS));
    let waitedMs = 0;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      if (!this.#isWanted()) throw new DroplineError('CANCELLED');
      try {
        return await step();
      } catch (error) {
        if (!isOpenElsewhere(this.#fs, error)) throw error;
        if (this.#isStopped) throw new DroplineError('INTERRUPTED', {}, { cause: error });
        if (waitedMs >= patienceMs) {
          this.#leftMs -= waitedMs;
          const details = { path, reason: reasonOf(error) };
          throw new DroplineError('FILE_IN_USE', details, { cause: error });
        }
      }
      waitedMs += waitMs;
      await this.#wait(waitMs);
    }
  }

  async #wait(waitMs: number): Promise<void> {
    let stop = (): void => undefined;
    let end = stop;
    await new Promise<void>((resolve) => {
      end = resolve;
      this.#waits.add(end);
      stop = this.#clock.after(waitMs, resolve);
    });
    this.#waits.delete(end);
    stop();
    if (this.#isStopped && this.#isWanted()) throw new DroplineError('INTERRUPTED');
  }
}
