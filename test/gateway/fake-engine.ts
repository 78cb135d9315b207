import type { Commands } from '../../shared/contract.ts';
import { commandSchemas } from '../../shared/contract.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { ConsoleEngine } from '../../electron/gateway/console-engine.ts';

/** The listening side of an engine: notes what it is asked, answers as told, shows what it is given. */
export class FakeEngine implements ConsoleEngine {
  readonly calls: (readonly [string, ...unknown[]])[] = [];
  readonly listeners = new Set<(snapshot: Snapshot) => void>();
  answer: (name: string) => Promise<unknown> = async () => null;
  #latest = snapshotNamed('first');

  readonly commands = Object.fromEntries(
    Object.keys(commandSchemas).map((name) => [name, (input: unknown) => this.#note(name, input)]),
  ) as unknown as Commands;

  snapshot(): Snapshot {
    return this.#latest;
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(snapshot: Snapshot): void {
    this.#latest = snapshot;
    for (const listener of this.listeners) listener(snapshot);
  }

  readonly openPage: ConsoleEngine['openPage'] = (...input) =>
    this.#note('openPage', ...input) as ReturnType<ConsoleEngine['openPage']>;

  readonly nameFolder: ConsoleEngine['nameFolder'] = (...input) =>
    this.#note('nameFolder', ...input) as ReturnType<ConsoleEngine['nameFolder']>;

  #note(name: string, ...input: readonly unknown[]): Promise<unknown> {
    this.calls.push([name, ...input]);
    return this.answer(name);
  }
}

/** `paddingBytes` makes it as large as a long list of transfers would. */
export function snapshotNamed(name: string, paddingBytes = 0): Snapshot {
  return {
    self: {
      id: 'a'.repeat(64) as PeerId,
      name,
      platform: 'linux',
      host: '::',
      port: 47710,
      addresses: ['192.0.2.1'],
      directory: `/received/${'x'.repeat(paddingBytes)}`,
      discovery: 'off',
      keyKept: 'owner',
      hasKeyStore: false,
      isNew: false,
    },
    peers: [],
    transfers: [],
    pairings: [],
    paired: [],
    settings: settingsSchema.parse({}),
    networks: [],
    interfaces: [],
    blocked: [],
    notices: [],
  };
}
