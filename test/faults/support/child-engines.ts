import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CommandInput, CommandName, CommandOutput } from '../../../shared/contract.ts';
import type { PeerId, Target } from '../../../shared/model/peer.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import type { PhaseName, Transfer, TransferId } from '../../../shared/model/transfer.ts';
import { isFinished } from '../../../shared/model/transfer.ts';
import type { Launch } from '../../support/command.ts';
import { BUILT_CHILDREN, CHILD_ENTRIES } from './child-entries.ts';
import type { ChildEngineOptions, FromEngineChild, ToEngineChild } from './engine-child.ts';
import type { FaultsOfEngine } from './faulty-ports.ts';
import type { Trial } from './matrix.ts';
import { atLast } from './matrix.ts';

/** Whole engines in processes of their own, each on a home of its own, to be killed and started again. */

let built: Promise<URL> | null = null;

/** Once a process: a row has many tries. */
function build(): Promise<URL> {
  built ??= buildNow();
  return built;
}

async function buildNow(): Promise<URL> {
  const shared = process.env[BUILT_CHILDREN];
  if (shared !== undefined) return new URL(shared);
  const { buildEntries } = await import('../../support/build-entries.ts');
  const entries = await buildEntries(CHILD_ENTRIES);
  atLast(() => entries.remove());
  return entries.directory;
}

export interface ChildOptions {
  readonly engine?: Partial<ChildEngineOptions>;
  readonly env?: FaultsOfEngine & Readonly<Record<string, string>>;
  /** Starts it elsewhere: on another host. */
  readonly launch?: Launch;
  /** For Node itself, before the program. */
  readonly nodeOptions?: readonly string[];
}

type In<P extends PhaseName> = Extract<Transfer, { readonly phase: P }>;

/** One of them, running. After `kill` start another one on the same home. */
export class ChildEngine {
  readonly directory: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #looks = new Set<() => void>();
  readonly #answers = new Map<number, (message: FromEngineChild) => void>();
  #requests = 0;
  #broken: string | null = null;
  #snapshot: Snapshot | null = null;
  peakBytes = 0;
  rssBytes = 0;

  constructor(process: ChildProcess, directory: string) {
    this.#process = process;
    this.directory = directory;
    this.#exited = once(process, 'exit').then(() => {
      this.#broken ??= 'it has ended';
      this.#look();
    });
    process.on('message', (message: FromEngineChild) => {
      this.#take(message);
    });
  }

  get snapshot(): Snapshot {
    if (this.#snapshot === null) throw new Error('not ready');
    return this.#snapshot;
  }

  get id(): PeerId {
    return this.snapshot.self.id;
  }

  /** Of the program itself, whatever started it. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get port(): number {
    return this.snapshot.self.port ?? 0;
  }

  transfer(id: TransferId): Transfer | undefined {
    return this.#snapshot?.transfers.find((transfer) => transfer.id === id);
  }

  /** Resolves with what the first snapshot that fits shows; throws when the engine ends before. */
  when<T>(pick: (snapshot: Snapshot) => T | null | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          const picked = this.#snapshot && pick(this.#snapshot);
          if (picked !== null && picked !== undefined && picked !== false) resolve(picked);
          else if (this.#broken === null) return;
          else throw new Error(`${this.#broken}: ${JSON.stringify(this.#snapshot?.transfers)}`);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        this.#looks.delete(look);
      };
      this.#looks.add(look);
      look();
    });
  }

  /** Waits for one of the phases; throws where the transfer ends in another one. */
  until<P extends PhaseName>(id: TransferId, ...phases: P[]): Promise<In<P>> {
    return this.when(({ transfers }) => {
      const transfer = transfers.find((each) => each.id === id);
      if (transfer === undefined) return null;
      if ((phases as PhaseName[]).includes(transfer.phase)) return transfer as In<P>;
      if (!isFinished(transfer)) return null;
      throw new Error(`wanted ${phases.join()}, got ${JSON.stringify(transfer)}`);
    });
  }

  /** The first transfer that came in. */
  received(nth = 0): Promise<Transfer> {
    return this.when(({ transfers }) => transfers.filter((t) => t.direction === 'receive')[nth]);
  }

  async command<C extends CommandName>(name: C, input: CommandInput<C>): Promise<CommandOutput<C>> {
    return (await this.#ask({ kind: 'command', id: this.#requests++, name, input })) as never;
  }

  /** `to`: a port of this computer, or any target. */
  async send(paths: readonly string[], to: number | Target): Promise<TransferId> {
    const staged = await this.#ask({ kind: 'stage', id: this.#requests++, paths });
    const { selectionId } = staged as { selectionId: string };
    const target: Target =
      typeof to === 'number'
        ? { kind: 'address', host: '127.0.0.1', port: to, expectedPeerId: null }
        : to;
    return (await this.command('send', { selectionId, to: target, mode: 'tls' })).transferId;
  }

  /** Ends it as a power switch does. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Resolves when it is gone, by whatever. */
  ended(): Promise<unknown> {
    return this.#exited;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.signal('SIGCONT');
    this.#process.send({ kind: 'stop' } satisfies ToEngineChild);
    await this.#exited;
  }

  async #ask(message: ToEngineChild & { readonly id: number }): Promise<unknown> {
    const answer = await Promise.race([
      new Promise<FromEngineChild>((resolve) => {
        this.#answers.set(message.id, resolve);
        this.#process.send(message);
      }),
      this.#exited,
    ]);
    const told = answer as FromEngineChild | undefined;
    if (told?.kind === 'answer') return told.value;
    throw new Error(`${message.kind}: ${JSON.stringify(told ?? 'the engine has ended')}`);
  }

  #take(message: FromEngineChild): void {
    if (message.kind === 'snapshot') {
      this.#snapshot = message.snapshot;
      this.rssBytes = message.rssBytes;
      this.peakBytes = Math.max(this.peakBytes, message.rssBytes);
    } else if (message.kind === 'broken') this.#broken = JSON.stringify(message.failure);
    else {
      this.#answers.get(message.id)?.(message);
      this.#answers.delete(message.id);
    }
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }
}

/** Starts an engine by this name: the same name is the same home and the same inbox again. */
export async function startChild(
  trial: Trial,
  name: string,
  options: ChildOptions = {},
): Promise<ChildEngine> {
  const { launch = spawn, env = {}, nodeOptions = [] } = options;
  const directory = options.engine?.directory ?? trial.path(`${name}-inbox`);
  mkdirSync(directory, { recursive: true });
  const engine: ChildEngineOptions = {
    home: trial.path(`${name}-home`),
    listen: 'tls',
    port: 0,
    deviceName: name,
    directory,
    accept: 'all',
    discovery: false,
    interface: '127.0.0.1',
    ...options.engine,
  };
  const entry = fileURLToPath(new URL('engine-child.js', await build()));
  const spawning: SpawnOptions = {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  };
  const args = [...nodeOptions, entry, JSON.stringify(engine)];
  const child = new ChildEngine(launch(process.execPath, args, spawning), directory);
  trial.atEnd(() => child.kill());
  await child.when(({ self }) => engine.listen === 'none' || self.port !== null);
  return child;
}
