import { X509Certificate, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { generate } from 'selfsigned';
import type { Identity } from '../../electron/engine/transfer/authentication.ts';
import { peerIdOf } from '../../electron/engine/transfer/authentication.ts';
import type { Clock, FileSystem } from '../../electron/engine/transfer/ports.ts';
import { realClock, realFileSystem } from '../../electron/engine/transfer/ports.ts';
import { ReceiveHost } from '../../electron/engine/transfer/receive-host.ts';
import type { FileQuery } from '../../electron/engine/transfer/file-rows.ts';
import { REDIAL_MS } from '../../electron/engine/transfer/send-job.ts';
import { SendHost } from '../../electron/engine/transfer/send-host.ts';
import type { OfferedPictures } from '../../electron/engine/transfer/send-thumbnails.ts';
import type {
  FromReceiveWorker,
  FromSendWorker,
  KnownCallers,
  SendRequest,
  TransferEvent,
  WirePeer,
  WorkerOutcome,
} from '../../electron/engine/transfer/worker-messages.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Choice } from '../../shared/model/choice.ts';
import { EVERYTHING } from '../../shared/model/choice.ts';
import type { FilePage } from '../../shared/model/file-list.ts';
import type { OfferedPage } from '../../shared/model/offered.ts';
import type { OfferedPicture } from '../../shared/model/pictures.ts';
import type { ExistingChoices } from '../../shared/model/plan.ts';
import { KEEP_BOTH } from '../../shared/model/plan.ts';
import type { PausedBy, TransferId, TransferMode } from '../../shared/model/transfer.ts';

/** What the two workers do, in this thread: real sockets, and disks and clocks of the test's own. */

export type EventOf<K extends TransferEvent['kind']> = Extract<TransferEvent, { kind: K }>;
export type OutcomeOf<K extends WorkerOutcome['kind']> = Extract<WorkerOutcome, { kind: K }>;

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

/** Remembers what a worker told, and lets a test wait for it. */
class Told {
  readonly events: TransferEvent[] = [];
  readonly #waiting = new Set<() => void>();

  add(event: TransferEvent): void {
    this.events.push(event);
    for (const look of [...this.#waiting]) look();
  }

  /** The first event of the kind about this transfer, past or to come. */
  event<K extends TransferEvent['kind']>(
    kind: K,
    transferId: TransferId,
    nth = 1,
  ): Promise<EventOf<K>> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.all(kind, transferId)[nth - 1];
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  all<K extends TransferEvent['kind']>(kind: K, transferId: TransferId): EventOf<K>[] {
    return this.events.filter(
      (e): e is EventOf<K> =>
        e.kind === kind && (!('transferId' in e) || e.transferId === transferId),
    );
  }

  /** Resolves when the latest that was told of it says who lets it stand still; null: nobody. */
  paused(by: PausedBy | null, transferId: TransferId): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.pausedBy(transferId) !== by) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** As a window would know it: what begins anew or is cut stands no more, as far as is told. */
  pausedBy(transferId: TransferId): PausedBy | null {
    const last = this.events.findLast(
      (e) => e.kind !== 'counts' && e.kind !== 'prepared' && e.transferId === transferId,
    );
    return last?.kind === 'paused' ? last.by : null;
  }

  async outcome<K extends WorkerOutcome['kind']>(
    kind: K,
    transferId: TransferId,
  ): Promise<OutcomeOf<K>> {
    const { outcome } = await this.event('ended', transferId);
    if (outcome.kind !== kind) throw new Error(`wanted ${kind}, got ${JSON.stringify(outcome)}`);
    return outcome as OutcomeOf<K>;
  }
}

type OpenMaker = OfferedPictures['openMaker'];

export class TestSender extends Told {
  readonly identity: Identity;
  readonly host: SendHost;
  /** Where it keeps its lists; null: nowhere. */
  home: string | null = null;
  readonly #pages = new Map<number, (page: FilePage | null) => void>();
  stopped = false;

  constructor(identity: Identity, fs: FileSystem, clock: Clock, openMaker: OpenMaker | null) {
    super();
    this.identity = identity;
    const take = (message: FromSendWorker): void => {
      if (message.kind === 'event') this.add(message.event);
      if (message.kind === 'stopped') this.stopped = true;
      if (message.kind === 'files') this.#pages.get(message.request)?.(message.page);
    };
    this.host = new SendHost(fs, clock, take, openMaker);
  }

  async start(name: string): Promise<void> {
    const self = { identity: this.identity, name, platform: 'linux' } as const;
    await this.host.handle({ kind: 'start', self, home: this.home });
  }

  async send(
    paths: readonly string[],
    port: number,
    options: Partial<SendRequest> = {},
  ): Promise<TransferId> {
    const transferId = randomBytes(16).toString('hex') as TransferId;
    const request: SendRequest = {
      transferId,
      mode: 'tls',
      source: { kind: 'paths', paths },
      places: [{ address: '127.0.0.1', port }],
      expectedPeerId: null,
      resumes: null,
      retryForMs: 60_000,
      ...options,
    };
    await this.host.handle({ kind: 'send', request });
    return request.transferId;
  }

  say(kind: 'pause' | 'resume' | 'cancel', transferId: TransferId): Promise<void> {
    return this.host.handle({ kind, transferId });
  }

  cancel(transferId: TransferId): Promise<void> {
    return this.say('cancel', transferId);
  }

  /** What it says of the files of what it sends just now. */
  files(transferId: TransferId, query: Partial<FileQuery> = {}): Promise<FilePage | null> {
    const request = this.#pages.size;
    const all = { text: '', filter: 'all', from: 0, count: 1_000, ...query } as const;
    return new Promise((resolve) => {
      this.#pages.set(request, resolve);
      void this.host.handle({ kind: 'listFiles', request, transferId, query: all });
    });
  }

  stop(): Promise<void> {
    return this.host.handle({ kind: 'stop' });
  }
}

export class TestReceiver extends Told {
  readonly identity: Identity;
  readonly host: ReceiveHost;
  readonly #answers = new Map<number, (failure: Failure | null) => void>();
  readonly directory: string;
  readonly home: string;
  port = 0;
  callers: KnownCallers = { visibleTo: null, blocked: [], from: 'local' };
  /** Whose offers nobody was asked about. */
  readonly refused: WirePeer[] = [];
  stopped = false;
  /** Answers offers at once; false: the test does. */
  accepts = true;
  /** What it wants of each offer. */
  choice: Choice = EVERYTHING;
  readonly #looks = new Map<number, (page: OfferedPage | null) => void>();
  readonly #shows: ((pictures: readonly OfferedPicture[] | null) => void)[] = [];

  constructor(identity: Identity, fs: FileSystem, clock: Clock, place: Place) {
    super();
    this.identity = identity;
    this.directory = place.directory;
    this.home = place.home;
    this.host = new ReceiveHost(fs, clock, (message: FromReceiveWorker) => {
      if (message.kind === 'refused') this.refused.push(message.peer);
      if (message.kind === 'listening') this.port = message.port;
      if (message.kind === 'stopped') this.stopped = true;
      if (message.kind === 'answered') this.#answers.get(message.request)?.(message.failure);
      if (message.kind === 'shown') this.#shows[message.request]?.(message.pictures);
      if (message.kind === 'looked') this.#looks.get(message.request)?.(message.page);
      if (message.kind !== 'event') return;
      this.add(message.event);
      if (message.event.kind === 'offered' && this.accepts) {
        void this.accept(message.event.transferId);
      }
    });
  }

  async start(name: string, mode: TransferMode): Promise<void> {
    const self = { identity: this.identity, name, platform: 'linux' } as const;
    const listen = { mode, host: '127.0.0.1', port: 0, otherPortIfTaken: false } as const;
    const { home, callers } = this;
    await this.host.handle({ kind: 'start', self, listen, home, callers });
    if (this.port === 0) throw new Error('does not listen');
  }

  accept(
    transferId: TransferId,
    directory = this.directory,
    existing: ExistingChoices = KEEP_BOTH,
  ): Promise<void> {
    const { choice } = this;
    const terms = { directory, startedAtMs: 0, existing, choice };
    return this.host.handle({ kind: 'accept', transferId, ...terms });
  }

  plan(transferId: TransferId, directory = this.directory): Promise<void> {
    return this.host.handle({ kind: 'plan', transferId, directory, choice: this.choice });
  }

  /** What is in that folder of an offer that waits. */
  look(transferId: TransferId, path: readonly string[]): Promise<OfferedPage | null> {
    const request = this.#looks.size;
    return new Promise((resolve) => {
      this.#looks.set(request, resolve);
      const query = { transferId, path, from: 0, count: 100 };
      void this.host.handle({ kind: 'look', request, query });
    });
  }

  /** What has come of its pictures; asks its sender for them. */
  pictures(transferId: TransferId, from = 0): Promise<readonly OfferedPicture[] | null> {
    return new Promise((resolve) => {
      const request = this.#shows.push(resolve) - 1;
      const query = { transferId, from, asked: true };
      void this.host.handle({ kind: 'pictures', request, query });
    });
  }

  decline(transferId: TransferId): Promise<void> {
    return this.host.handle({ kind: 'decline', transferId, code: 'DECLINED' });
  }

  say(kind: 'pause' | 'resume' | 'cancel', transferId: TransferId): Promise<void> {
    return this.host.handle({ kind, transferId });
  }

  cancel(transferId: TransferId): Promise<void> {
    return this.say('cancel', transferId);
  }

  /** Resolves when nothing hidden is left: an end is told before a slow disk has removed all. */
  async tidy(): Promise<void> {
    const isHidden = (name: string): boolean => name.startsWith('.dropline-');
    while (readdirSync(this.directory).some(isHidden)) await nextTurn();
  }

  /** Answers why it could not be done. */
  undo(transferId: TransferId): Promise<Failure | null> {
    return this.#ask((request) => this.host.handle({ kind: 'undo', request, transferId }));
  }

  clearReceipts(): Promise<Failure | null> {
    return this.#ask((request) => this.host.handle({ kind: 'clearReceipts', request }));
  }

  stop(): Promise<void> {
    return this.host.handle({ kind: 'stop' });
  }

  #ask(run: (request: number) => Promise<void>): Promise<Failure | null> {
    const request = this.#answers.size;
    return new Promise((resolve) => {
      this.#answers.set(request, resolve);
      void run(request);
    });
  }
}

/** Where a receiver saves, and where it keeps its journals. */
export interface Place {
  readonly directory: string;
  readonly home: string;
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
