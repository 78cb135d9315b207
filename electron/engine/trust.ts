import { watch } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { DroplineError } from '../../shared/errors.ts';
import type { PairedDevice } from '../../shared/model/pairing.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { PLATFORMS, isPeerId } from '../../shared/model/peer.ts';
import type { AcceptRule } from '../../shared/model/permission.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';
import type { Acquaintance } from './discovery/discovery-messages.ts';

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
      rule: z
        .object({
          maxBytes: z.int().min(0).nullable(),
          directory: z.string().min(1).nullable(),
        })
        .nullable()
        .default(null),
      /** A secret: it stays in this file and in the thread that looks around. */
      meetingKey: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullable()
        .default(null),
    }),
  ),
});

type Pin = z.infer<typeof pairedSchema>['peers'][number];

/** The devices that a person has confirmed, by the hash of their key. */
export interface Trust {
  readonly devices: readonly PairedDevice[];
  /** Those among them that can be found while they show themselves to paired devices only. */
  readonly acquaintances: readonly Acquaintance[];
  isPaired(peerId: PeerId | null): boolean;
  /** Called after each change, here or by another program on the same home. */
  onChange: () => void;
  /** Takes up what `dropline send` pairs beside the window. Returns the way out. */
  follow(): () => void;
  /** Resolves when it is on the disk. Throws HOME_UNUSABLE: then nobody is paired by it. */
  add(device: PairedDevice, meetingKey: string): Promise<void>;
  /** The same for what it may do; one that is not paired is passed over. */
  setRule(peerId: PeerId, rule: AcceptRule | null): Promise<void>;
  /** The same for taking one off. */
  forget(peerId: PeerId): Promise<void>;
}

/** Throws IDENTITY_UNREADABLE: a list that cannot be read must not look like an empty one. */
export async function loadTrust(home: string): Promise<Trust> {
  return new PinStore(home, (await readPins(home)).pins);
}

async function readPins(home: string): Promise<{ text: string | null; pins: readonly Pin[] }> {
  const path = join(home, PAIRED_FILE);
  const text = await readIfThere(path);
  if (text === null) return { text, pins: [] };
  try {
    return { text, pins: pairedSchema.parse(JSON.parse(text)).peers };
  } catch (cause) {
    throw new DroplineError('IDENTITY_UNREADABLE', { path }, { cause });
  }
}

class PinStore implements Trust {
  readonly #home: string;
  #pins: readonly Pin[];
  /** One write after the other, each of all that is there then. */
  #writing: Promise<void> = Promise.resolve();
  onChange: () => void = () => undefined;

  constructor(home: string, pins: readonly Pin[]) {
    this.#home = home;
    this.#pins = pins;
  }

  get devices(): readonly PairedDevice[] {
    return this.#pins.map(({ meetingKey: _secret, ...device }) => device);
  }

  get acquaintances(): readonly Acquaintance[] {
    return this.#pins.flatMap(({ id, name, platform, meetingKey }) =>
      meetingKey === null ? [] : [{ id, name, platform, meetingKey }],
    );
  }

  isPaired(peerId: PeerId | null): boolean {
    return peerId !== null && this.#pins.some(({ id }) => id === peerId);
  }

  follow(): () => void {
    try {
      const watcher = watch(this.#home, { persistent: false }, (_event, name) => {
        if (name === PAIRED_FILE) this.#takeUp();
      });
      // the home went away: the next write and the next start read it
      watcher.on('error', () => watcher.close());
      this.#takeUp(); // what was paired while this program started
      return () => watcher.close();
    } catch {
      return () => undefined; // no watches are left here: the next write and the next start read it
    }
  }

  add(device: PairedDevice, meetingKey: string): Promise<void> {
    const pin = { ...device, meetingKey };
    return this.#change((pins) => [...pins.filter(({ id }) => id !== device.id), pin]);
  }

  setRule(peerId: PeerId, rule: AcceptRule | null): Promise<void> {
    return this.#change((pins) => pins.map((pin) => (pin.id === peerId ? { ...pin, rule } : pin)));
  }

  forget(peerId: PeerId): Promise<void> {
    return this.#change((pins) => pins.filter(({ id }) => id !== peerId));
  }

  /** What cannot be read takes nobody off: the next start says so. */
  #takeUp(): void {
    const read = async (): Promise<void> => {
      const { text, pins } = await readPins(this.#home);
      if (text === null || isDeepStrictEqual(pins, this.#pins)) return;
      this.#pins = pins;
      this.onChange();
    };
    this.#writing = this.#writing.then(read).catch(() => undefined);
  }

  #change(change: (pins: readonly Pin[]) => readonly Pin[]): Promise<void> {
    const written = this.#writing.then(() => this.#write(change));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** From what is on the disk now: a command that sends may have paired beside the window. */
  async #write(change: (pins: readonly Pin[]) => readonly Pin[]): Promise<void> {
    try {
      const { text, pins } = await readPins(this.#home);
      const peers = change(text === null ? this.#pins : pins);
      if (text !== null) await writeAtomically(join(this.#home, PREVIOUS_FILE), text);
      const content = `${JSON.stringify({ version: 1, peers }, null, 2)}\n`;
      await writeAtomically(join(this.#home, PAIRED_FILE), content);
      this.#pins = peers;
      this.onChange();
    } catch (cause) {
      throw new DroplineError('HOME_UNUSABLE', { path: this.#home }, { cause });
    }
  }
}
