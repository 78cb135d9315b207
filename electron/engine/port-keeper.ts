import type { Failure } from '../../shared/errors.ts';
import { failure, toFailure } from '../../shared/errors.ts';
import type { PhaseName, TransferId } from '../../shared/model/transfer.ts';
import { failAll, unfinished } from './lost-transfers.ts';
import type { Store } from './state/store.ts';
import type { Threads } from './threads.ts';
import type { Clock } from './transfer/ports.ts';
import type { ListenOptions, TransferEvent } from './transfer/worker-messages.ts';

/** Before each try to open the port again. After the last one the person is told. */
export const REOPEN_AFTER_MS = [200, 1_000, 4_000] as const;
/** A thread that lived this long did not die of being started: all tries are there again. */
export const STEADY_MS = 60_000;

/** Of these a journal is there, which the next thread goes on with. */
const JOURNALED: readonly PhaseName[] = ['transferring', 'paused', 'finishing', 'interrupted'];

interface PortKeeperOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly threads: Pick<Threads, 'openPort' | 'closePort' | 'movePort'>;
  /** What becomes of transfers that came in by it. */
  readonly emit: (event: TransferEvent) => void;
  /** It is open again, perhaps with another number. */
  readonly onReopened: () => void;
}

/** Opens the port, and opens it again where the thread that has it dies. */
export class PortKeeper {
  readonly #options: PortKeeperOptions;
  /** Came in by a thread that died, and were not found again yet. */
  readonly #missing = new Set<TransferId>();
  #tries = 0;
  #losses = 0;
  #openedAtMs = 0;
  #port = 0;
  /** As it was asked for last; null: not at all. */
  #listen: ListenOptions | null = null;
  #hasThread = false;
  #stopTimer: () => void = () => undefined;
  #isStopped = false;

  constructor(options: PortKeeperOptions) {
    this.#options = options;
  }

  /**
   * Answers false where the thread was lost before its port could be shown; `lost` sees to what follows then.
   * Throws PORT_IN_USE, ADDRESS_UNAVAILABLE, NO_PERMISSION.
   */
  async open(listen: ListenOptions): Promise<boolean> {
    const { store, clock, threads } = this.#options;
    this.#listen = listen;
    this.#hasThread = true;
    const losses = this.#losses;
    const { host, port } = await threads.openPort(listen);
    if (losses !== this.#losses) return false;
    this.#openedAtMs = clock.nowMs();
    this.#port = port;
    store.apply({ kind: 'self', self: { host, port } });
    return true;
  }

  /**
   * At another place from now on, by the number that others know if it is free there; null: nowhere until
   * it is said again. What goes on is not touched.
   */
  async move(listen: ListenOptions | null): Promise<void> {
    const { store, threads, onReopened } = this.#options;
    const isAnyPort = listen !== null && (listen.port === 0 || listen.otherPortIfTaken);
    const at = listen && {
      ...listen,
      port: this.#port || listen.port,
      otherPortIfTaken: isAnyPort,
    };
    this.#listen = listen;
    try {
      if (!this.#hasThread) {
        if (at) await this.open(at);
      } else {
        const bound = await threads.movePort(at);
        this.#port = bound?.port ?? this.#port;
        store.apply({
          kind: 'self',
          self: { host: bound?.host ?? null, port: bound?.port ?? null },
        });
      }
    } catch (error) {
      store.apply({ kind: 'self', self: { host: null, port: null } });
      store.apply({ kind: 'noticed', failure: toFailure(error) });
    }
    onReopened();
  }

  lost(why: Failure): void {
    this.#losses++;
    const { store, clock, emit } = this.#options;
    const listen = this.#listen;
    this.#hasThread = false;
    store.apply({ kind: 'self', self: { host: null, port: null } });
    if (clock.nowMs() - this.#openedAtMs >= STEADY_MS) this.#tries = 0;
    const comesBack = listen !== null && this.#tries < REOPEN_AFTER_MS.length && !this.#isStopped;
    for (const { id, mode, phase } of unfinished(store, 'receive')) {
      if (!comesBack || mode !== 'tls' || !JOURNALED.includes(phase)) continue;
      this.#missing.add(id);
      emit({ kind: 'interrupted', transferId: id, failure: failure('INTERRUPTED') });
    }
    this.#fail(why, (id) => !this.#missing.has(id));
    if (comesBack) this.#tryLater(listen, why);
    else this.#giveUp(why);
  }

  /** The new thread has found its journal. */
  restored(transferId: TransferId): void {
    this.#missing.delete(transferId);
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
  }

  /** By the number that others know, if it is still free. */
  #tryLater(listen: ListenOptions, why: Failure): void {
    const afterMs = REOPEN_AFTER_MS[this.#tries++] ?? 0;
    const isAnyPort = listen.port === 0 || listen.otherPortIfTaken;
    const again = { ...listen, port: this.#port, otherPortIfTaken: isAnyPort };
    this.#stopTimer();
    this.#stopTimer = this.#options.clock.after(afterMs, () => void this.#reopen(again, why));
  }

  /** Never rejects. A thread that dies of it is lost once more. */
  async #reopen(listen: ListenOptions, why: Failure): Promise<void> {
    const tries = this.#tries;
    try {
      if (!(await this.open(listen))) return;
      this.#fail(why, (id) => this.#missing.has(id));
      this.#missing.clear();
      this.#options.onReopened();
    } catch {
      if (this.#isStopped || tries !== this.#tries || !(await this.#options.threads.closePort()))
        return;
      if (this.#tries < REOPEN_AFTER_MS.length) this.#tryLater(listen, why);
      else this.#giveUp(why);
    }
  }

  #giveUp(why: Failure): void {
    this.#fail(why, () => true);
    this.#missing.clear();
    void this.#options.threads.closePort();
    this.#options.store.apply({ kind: 'noticed', failure: why });
  }

  #fail(why: Failure, isMeant: (transferId: TransferId) => boolean): void {
    const { store, emit } = this.#options;
    failAll(
      unfinished(store, 'receive').filter(({ id }) => isMeant(id)),
      why,
      emit,
    );
  }
}
