import type { Clock, FileSystem } from './ports.ts';
import { realClock } from './ports.ts';
import { errnoOf } from './system-errors.ts';

/** What Windows answers for what is open: EPERM for a folder in which something is. */
const OPEN_ELSEWHERE: ReadonlySet<string> = new Set(['EBUSY', 'EPERM', 'EACCES']);
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 500;
/** A scanner is through with a large program by then. */
const PATIENCE_MS = 20_000;

/**
 * Scanners and indexers open each new file for a moment. On Windows that file can then not be renamed or
 * removed, nor a folder that it is in: such a step is tried again. All steps of a delivery have one patience,
 * so that many that are never let go do not add up.
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

  /** A step that may be done again where it failed. Throws what it does. */
  async letGo(step: () => unknown): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        await step();
        return;
      } catch (error) {
        if (!this.#mayPass(error)) throw error;
      }
      this.#leftMs -= waitMs;
      await new Promise<void>((resolve) => {
        this.#clock.after(waitMs, resolve);
      });
    }
  }

  #mayPass(error: unknown): boolean {
    if (this.#fs.isWindows !== true || !OPEN_ELSEWHERE.has(errnoOf(error))) return false;
    return this.#leftMs > 0 && this.#isWanted();
  }
}
