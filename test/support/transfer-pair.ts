import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { Identity } from '../../electron/engine/transfer/authentication.ts';
import { peerIdOf } from '../../electron/engine/transfer/authentication.ts';
import type { Clock, FileSystem } from '../../electron/engine/transfer/ports.ts';
import { realClock, realFileSystem } from '../../electron/engine/transfer/ports.ts';
import { REDIAL_MS } from '../../electron/engine/transfer/send-job.ts';
import type { KnownCallers } from '../../electron/engine/transfer/worker-messages.ts';
import type { TransferMode } from '../../shared/model/transfer.ts';
import type { Place } from './test-receiver.ts';
import { TestReceiver } from './test-receiver.ts';
import type { OpenMaker } from './test-sender.ts';
import { TestSender } from './test-sender.ts';

export type { TestReceiver, TestSender };

/** What the two workers do, in this thread: real sockets, and disks and clocks of the test's own. */

/** The real one, but a sender dials again at once: a cut costs a test no second. */
export const quickClock: Clock = {
  ...realClock,
  after: (ms, run) => realClock.after(ms === REDIAL_MS ? 5 : ms, run),
};

export async function createIdentity(curve: 'P-256' | 'P-384' = 'P-256'): Promise<Identity> {
  const made = await generate([{ name: 'commonName', value: 'test' }], { keyType: 'ec', curve });
  const peerId = peerIdOf(new X509Certificate(made.cert));
  return { keyPem: made.private, certificatePem: made.cert, peerId };
}

export interface PartOptions {
  readonly fs?: Partial<FileSystem>;
  readonly clock?: Clock;
  readonly identity?: Identity;
  /** Of a sender: what makes thumbnails; absent: nothing does. */
  readonly openMaker?: OpenMaker;
  /** Of a receiver; TLS unless a test says otherwise. */
  readonly mode?: TransferMode;
}

export interface ReceiverOptions extends PartOptions {
  /** Of a receiver before, which starts again. */
  readonly place?: Place;
  readonly callers?: KnownCallers;
}

/** A temporary folder with senders and receivers, gone with `remove`. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'dropline-pair-'));
  readonly #parts: (TestSender | TestReceiver)[] = [];
  #count = 0;

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  async sender(options: PartOptions = {}): Promise<TestSender> {
    const { fs = {}, clock = quickClock, identity, openMaker = null } = options;
    const own = identity ?? (await createIdentity());
    const sender = new TestSender(own, { ...realFileSystem, ...fs }, clock, openMaker);
    this.#parts.push(sender);
    await sender.start('sender');
    return sender;
  }

  async receiver(options: ReceiverOptions = {}): Promise<TestReceiver> {
    const { fs = {}, clock = realClock, identity, mode = 'tls' } = options;
    const own = identity ?? (await createIdentity());
    const place = options.place ?? this.#newPlace();
    const receiver = new TestReceiver(own, { ...realFileSystem, ...fs }, clock, place);
    this.#parts.push(receiver);
    receiver.callers = options.callers ?? receiver.callers;
    await receiver.start('receiver', mode);
    return receiver;
  }

  #newPlace(): Place {
    const place = {
      directory: this.path(`inbox-${this.#count}`),
      home: this.path(`home-${this.#count++}`),
    };
    for (const path of Object.values(place)) mkdirSync(path);
    return place;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#parts.splice(0).map((part) => part.stop()));
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
