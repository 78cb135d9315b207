import { randomBytes } from 'node:crypto';
import { Asked } from '../../electron/engine/transfer/asked.ts';
import type { Identity } from '../../electron/engine/transfer/authentication.ts';
import type { FileQuery } from '../../electron/engine/transfer/file-rows.ts';
import type { Clock, FileSystem } from '../../electron/engine/transfer/ports.ts';
import { SendHost } from '../../electron/engine/transfer/send-host.ts';
import type { OfferedPictures } from '../../electron/engine/transfer/send-thumbnails.ts';
import type {
  FromSendWorker,
  SendRequest,
} from '../../electron/engine/transfer/worker-messages.ts';
import type { FilePage } from '../../shared/model/file-list.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { ToldEvents } from './told-events.ts';

export type OpenMaker = OfferedPictures['openMaker'];

/** What the send worker does, in this thread. */
export class TestSender extends ToldEvents {
  readonly identity: Identity;
  readonly host: SendHost;
  /** Where it keeps its lists; null: nowhere. */
  home: string | null = null;
  readonly #pages = new Asked<FilePage | null>();
  stopped = false;

  constructor(identity: Identity, fs: FileSystem, clock: Clock, openMaker: OpenMaker | null) {
    super();
    this.identity = identity;
    const take = (message: FromSendWorker): void => {
      if (message.kind === 'event') this.add(message.event);
      if (message.kind === 'stopped') this.stopped = true;
      if (message.kind === 'files') this.#pages.answered(message.request, message.page);
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
    const all = { text: '', filter: 'all', from: 0, count: 1_000, ...query } as const;
    return this.#pages.ask((request) => {
      void this.host.handle({ kind: 'listFiles', request, transferId, query: all });
    });
  }

  stop(): Promise<void> {
    return this.host.handle({ kind: 'stop' });
  }
}
