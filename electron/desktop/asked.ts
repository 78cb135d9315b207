import type { Asked, Selection } from '../../shared/contract.ts';
import { toFailure } from '../../shared/errors.ts';
import type { Pickers } from './requests.ts';

export interface AskedPorts {
  readonly send: (asked: Asked) => void;
  /** Shows the window: what is asked of it is answered there. */
  readonly forward: () => void;
  readonly stagePaths: (paths: readonly string[]) => Promise<Selection>;
  readonly pick: Pickers['pick'];
  /** Of a clock that only goes on. */
  readonly nowMs: () => number;
}

/**
 * Thunar starts a program once for the folders that are selected and once for the files: starts that follow
 * each other so closely are of one selection.
 */
const ONE_SELECTION_MS = 2_000;

/** What the system around the window asks of it, told when there is a page that can hear it. */
export class AskedOfWindow {
  readonly #ports: AskedPorts;
  #waiting: Asked[] = [];
  #isWatched = false;
  /** What starts were given last, and when. */
  #started: { readonly paths: readonly string[]; readonly atMs: number } | null = null;
  /** One after the other, so that the window shows the last. */
  #staging: Promise<void> = Promise.resolve();

  constructor(ports: AskedPorts) {
    this.#ports = ports;
  }

  /** A page has loaded. */
  watch(): void {
    this.#isWatched = true;
    for (const asked of this.#waiting.splice(0)) this.#ports.send(asked);
  }

  show(place: (Asked & { kind: 'place' })['place']): void {
    this.#tell({ kind: 'place', place });
  }

  /** Files that the system handed over wait in the window for whoever is to get them. Never rejects. */
  async stage(paths: readonly string[]): Promise<void> {
    this.#started = null;
    await this.#stageAll(paths);
  }

  /** What another start was given: with what a start just before it was given, as they are of one selection. */
  async stageStarted(paths: readonly string[]): Promise<void> {
    const atMs = this.#ports.nowMs();
    const before = this.#started;
    const goesOn = before !== null && atMs - before.atMs < ONE_SELECTION_MS;
    const all = goesOn ? [...new Set([...before.paths, ...paths])] : paths;
    this.#started = { paths: all, atMs };
    await this.#stageAll(paths.length === 0 ? paths : all);
  }

  #stageAll(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) {
      this.#ports.forward();
      return Promise.resolve();
    }
    this.#staging = this.#staging.then(() => this.#stageNow(paths));
    return this.#staging;
  }

  async #stageNow(paths: readonly string[]): Promise<void> {
    try {
      this.#tell({ kind: 'staged', selection: await this.#ports.stagePaths(paths) });
    } catch (error) {
      this.#started = null;
      this.#tell({ kind: 'failed', failure: toFailure(error) });
    }
  }

  async pick(kind: 'files' | 'folder'): Promise<void> {
    this.#ports.forward();
    const paths = await this.#ports.pick(kind);
    if (paths.length > 0) await this.stage(paths);
  }

  #tell(asked: Asked): void {
    this.#ports.forward();
    if (this.#isWatched) this.#ports.send(asked);
    else this.#waiting.push(asked);
  }
}
