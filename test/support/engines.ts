import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import type { Engine, EngineOptions } from '../../electron/engine/engine.ts';
import { start } from '../../electron/engine/engine.ts';
import type { PeerId, Target } from '../../shared/model/peer.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { PhaseName, Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import { leftovers } from './trees.ts';
import { NO_SHELL } from './no-shell.ts';

/** Whole engines on loopback: real threads, real sockets, real disks. */

export type TransferIn<P extends PhaseName> = Extract<Transfer, { readonly phase: P }>;

/** One engine of a test, with what a test asks of it again and again. */
export class TestEngine {
  readonly engine: Engine;
  readonly name: string;
  /** Where it saves what it receives. */
  readonly directory: string;

  constructor(engine: Engine, name: string) {
    this.engine = engine;
    this.name = name;
    this.directory = engine.snapshot().self.directory;
  }

  get port(): number {
    return this.engine.snapshot().self.port ?? 0;
  }

  get id(): PeerId {
    return this.engine.snapshot().self.id;
  }

  /** `to`: an engine, a port of this computer, or any target. */
  async send(
    paths: readonly string[],
    to: TestEngine | number | Target,
    mode: Transfer['mode'] = 'tls',
  ): Promise<TransferId> {
    const { selectionId } = await this.engine.stagePaths(paths);
    const target = typeof to === 'object' && 'kind' in to ? to : atPort(portOf(to));
    const { transferId } = await this.engine.commands.send({ selectionId, to: target, mode });
    return transferId;
  }

  transfer(transferId: TransferId): Transfer | undefined {
    return this.engine.snapshot().transfers.find((transfer) => transfer.id === transferId);
  }

  /** Resolves with the first snapshot that fits, the present one included. */
  when<T>(pick: (snapshot: Snapshot) => T | null | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      let unsubscribe: () => void = () => undefined;
      const look = (snapshot: Snapshot): boolean => {
        try {
          const picked = pick(snapshot);
          if (picked === null || picked === undefined || picked === false) return false;
          resolve(picked);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        unsubscribe();
        return true;
      };
      if (!look(this.engine.snapshot())) unsubscribe = this.engine.subscribe(look);
    });
  }

  /** Waits for one of the phases; throws where the transfer ends in another one. */
  until<P extends PhaseName>(transferId: TransferId, ...phases: P[]): Promise<TransferIn<P>> {
    return this.when((snapshot) => {
      const transfer = snapshot.transfers.find((t) => t.id === transferId);
      if (!transfer) return null;
      if ((phases as PhaseName[]).includes(transfer.phase)) return transfer as TransferIn<P>;
      if (isFinished(transfer)) {
        throw new Error(`${this.name}: wanted ${phases.join()}, got ${JSON.stringify(transfer)}`);
      }
      return null;
    });
  }

  accept(transferId: TransferId): Promise<null> {
    return this.engine.commands.answer({ transferId, accept: true, folderId: null });
  }

  decline(transferId: TransferId): Promise<null> {
    return this.engine.commands.answer({ transferId, accept: false, folderId: null });
  }

  cancel(transferId: TransferId): Promise<null> {
    return this.engine.commands.cancel({ transferId });
  }
}

function portOf(to: TestEngine | number): number {
  return typeof to === 'number' ? to : to.port;
}

export function atPort(port: number, expectedPeerId: PeerId | null = null): Target {
  return { kind: 'address', host: '127.0.0.1', port, expectedPeerId };
}

/** A temporary folder with engines in it. */
export class Ground {
  readonly folder = mkdtempSync(join(tmpdir(), 'dropline-ground-'));
  readonly #engines: TestEngine[] = [];

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  async options(name: string, options: Partial<EngineOptions> = {}): Promise<EngineOptions> {
    const directory = this.path(`${name}-inbox`);
    mkdirSync(directory, { recursive: true });
    return {
      home: this.path(`${name}-home`),
      workers: new URL(inject('workers')),
      shell: NO_SHELL,
      listen: 'tls',
      port: 0,
      deviceName: name,
      directory,
      accept: 'all',
      discovery: false,
      interface: '127.0.0.1',
      ...options,
    };
  }

  async start(name: string, options: Partial<EngineOptions> = {}): Promise<TestEngine> {
    const engine = new TestEngine(await start(await this.options(name, options)), name);
    this.#engines.push(engine);
    return engine;
  }

  /** Stops every engine and looks whether anything of a transfer is left. */
  async stopEngines(): Promise<void> {
    const engines = this.#engines.splice(0);
    await Promise.all(engines.map(({ engine }) => engine.stop()));
    for (const { directory } of engines) expect(leftovers(directory)).toEqual([]);
  }

  async remove(): Promise<void> {
    await Promise.all(this.#engines.splice(0).map(({ engine }) => engine.stop()));
    rmSync(this.folder, { recursive: true, force: true });
    expect(existsSync(this.folder)).toBe(false);
  }
}
