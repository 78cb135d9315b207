import { join } from 'node:path';
import { z } from 'zod';
import { DroplineError } from '../../shared/errors.ts';
import type { PairedDevice } from '../../shared/model/pairing.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { PLATFORMS, isPeerId } from '../../shared/model/peer.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';

const PAIRED_FILE = 'paired.json';
/** As it was before the last change, for people who lost something by it: never read by itself. */
const PREVIOUS_FILE = 'paired.previous.json';

const pairedSchema = z.object({
  version: z.literal(1),
  peers: z.array(
    z.object({
      id: z.custom<PeerId>((v) => typeof v === 'string' && isPeerId(v)),
      name: z.string(),
      platform: z.enum(PLATFORMS).default('other'),
      pairedAtMs: z.number().default(0),
    }),
  ),
});

/** The devices that a person has confirmed, by the hash of their key. */
export interface Trust {
  readonly devices: readonly PairedDevice[];
  isPaired(peerId: PeerId | null): boolean;
  /** Resolves when it is on the disk. Throws HOME_UNUSABLE: then nobody is paired by it. */
  add(device: PairedDevice): Promise<void>;
  /** The same for taking one off. */
  forget(peerId: PeerId): Promise<void>;
}

/** Throws IDENTITY_UNREADABLE: a list that cannot be read must not look like an empty one. */
export async function loadTrust(home: string): Promise<Trust> {
  const path = join(home, PAIRED_FILE);
  const text = await readIfThere(path);
  if (text === null) return new PinStore(home, null, []);
  try {
    return new PinStore(home, text, pairedSchema.parse(JSON.parse(text)).peers);
  } catch (cause) {
    throw new DroplineError('IDENTITY_UNREADABLE', { path }, { cause });
  }
}

class PinStore implements Trust {
  readonly #home: string;
  #text: string | null;
  #devices: readonly PairedDevice[];
  /** One write after the other, each of all that is there then. */
  #writing: Promise<void> = Promise.resolve();

  constructor(home: string, text: string | null, devices: readonly PairedDevice[]) {
    this.#home = home;
    this.#text = text;
    this.#devices = devices;
  }

  get devices(): readonly PairedDevice[] {
    return this.#devices;
  }

  isPaired(peerId: PeerId | null): boolean {
    return peerId !== null && this.#devices.some(({ id }) => id === peerId);
  }

  add(device: PairedDevice): Promise<void> {
    return this.#change((devices) => [...devices.filter(({ id }) => id !== device.id), device]);
  }

  forget(peerId: PeerId): Promise<void> {
    return this.#change((devices) => devices.filter(({ id }) => id !== peerId));
  }

  #change(change: (devices: readonly PairedDevice[]) => readonly PairedDevice[]): Promise<void> {
    const written = this.#writing.then(() => this.#write(change(this.#devices)));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #write(devices: readonly PairedDevice[]): Promise<void> {
    const text = `${JSON.stringify({ version: 1, peers: devices }, null, 2)}\n`;
    try {
      if (this.#text !== null) await writeAtomically(join(this.#home, PREVIOUS_FILE), this.#text);
      await writeAtomically(join(this.#home, PAIRED_FILE), text);
    } catch (cause) {
      throw new DroplineError('HOME_UNUSABLE', { path: this.#home }, { cause });
    }
    this.#text = text;
    this.#devices = devices;
  }
}
