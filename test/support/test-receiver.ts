import { readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Asked } from '../../electron/engine/transfer/asked.ts';
import type { Identity } from '../../electron/engine/transfer/authentication.ts';
import type { Clock, FileSystem } from '../../electron/engine/transfer/ports.ts';
import { ReceiveHost } from '../../electron/engine/transfer/receive-host.ts';
import type {
  FromReceiveWorker,
  KnownCallers,
  WirePeer,
} from '../../electron/engine/transfer/worker-messages.ts';
import type { Failure } from '../../shared/errors.ts';
import type { Choice } from '../../shared/model/choice.ts';
import { EVERYTHING } from '../../shared/model/choice.ts';
import type { OfferedPage } from '../../shared/model/offered.ts';
import type { OfferedPicture } from '../../shared/model/pictures.ts';
import type { ExistingChoices } from '../../shared/model/plan.ts';
import { KEEP_BOTH } from '../../shared/model/plan.ts';
import type { TransferId, TransferMode } from '../../shared/model/transfer.ts';
import { ToldEvents } from './told-events.ts';

/** Where a receiver saves, and where it keeps its journals. */
export interface Place {
  readonly directory: string;
  readonly home: string;
}

/** What the receive worker does, in this thread. */
export class TestReceiver extends ToldEvents {
  readonly identity: Identity;
  readonly host: ReceiveHost;
  readonly #answers = new Asked<Failure | null>();
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
  readonly #looks = new Asked<OfferedPage | null>();
  readonly #pictures = new Asked<readonly OfferedPicture[] | null>();

  constructor(identity: Identity, fs: FileSystem, clock: Clock, place: Place) {
    super();
    this.identity = identity;
    this.directory = place.directory;
    this.home = place.home;
    this.host = new ReceiveHost(fs, clock, (message: FromReceiveWorker) => {
      if (message.kind === 'refused') this.refused.push(message.peer);
      if (message.kind === 'listening') this.port = message.port;
      if (message.kind === 'stopped') this.stopped = true;
      if (message.kind === 'answered') this.#answers.answered(message.request, message.failure);
      if (message.kind === 'shown') this.#pictures.answered(message.request, message.pictures);
      if (message.kind === 'looked') this.#looks.answered(message.request, message.page);
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
    const query = { transferId, path, from: 0, count: 100 };
    return this.#looks.ask((request) => {
      void this.host.handle({ kind: 'look', request, query });
    });
  }

  /** What has come of its pictures; asks its sender for them. */
  pictures(transferId: TransferId, from = 0): Promise<readonly OfferedPicture[] | null> {
    const query = { transferId, from, asked: true };
    return this.#pictures.ask((request) => {
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
    return this.#answers.ask((request) => {
      void this.host.handle({ kind: 'undo', request, transferId });
    });
  }

  clearReceipts(): Promise<Failure | null> {
    return this.#answers.ask((request) => {
      void this.host.handle({ kind: 'clearReceipts', request });
    });
  }

  stop(): Promise<void> {
    return this.host.handle({ kind: 'stop' });
  }
}
