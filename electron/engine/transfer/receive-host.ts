import type { Failure } from '../../../shared/errors.ts';
import { DroplineError, toFailure } from '../../../shared/errors.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { CountReporter } from './count-reporter.ts';
import { Door } from './door.ts';
import { JournalShelf } from './journal-shelf.ts';
import { listenPlain } from './plain-receive.ts';
import type { Clock, FileSystem } from './ports.ts';
import { ReceiptChecks } from './receipt-checks.ts';
import type { Receiver } from './receiver.ts';
import { TlsReceiver } from './tls-receive.ts';
import { undoReplacements } from './undo.ts';
import { dialFrom } from './way-out.ts';
import type {
  Bound,
  FromReceiveWorker,
  ListenOptions,
  ToReceiveWorker,
} from './worker-messages.ts';

type StartReceiving = Extract<ToReceiveWorker, { kind: 'start' }>;

/** What the receive worker does, apart from being a thread: one port, and what is said about it. */
export class ReceiveHost {
  readonly #fs: FileSystem;
  readonly #clock: Clock;
  readonly #post: (message: FromReceiveWorker) => void;
  readonly #reporter: CountReporter;
  #receiver: Receiver | null = null;
  readonly #door: Pick<Door, 'admits' | 'set'>;
  #checks: ReceiptChecks | null = null;
  #home = '';
  /** What is done with receipts, one thing after the other. */
  #receipts: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(
    fs: FileSystem,
    clock: Clock,
    post: (message: FromReceiveWorker) => void,
    door: Pick<Door, 'admits' | 'set'> = new Door(),
  ) {
    this.#door = door;
    this.#fs = fs;
    this.#clock = clock;
    this.#post = post;
    this.#reporter = new CountReporter(clock, (event) => {
      post({ kind: 'event', event });
    });
  }

  async handle(message: ToReceiveWorker): Promise<void> {
    switch (message.kind) {
      case 'start':
        await this.#start(message);
        break;
      case 'dialFrom':
        dialFrom(message.interface);
        break;
      case 'listen':
        await this.#move(message.request, message.listen);
        break;
      case 'rename':
        this.#receiver?.rename(message.name);
        break;
      case 'accept':
        this.#receiver?.accept(message.transferId, message);
        break;
      case 'plan':
        await this.#receiver?.plan(message.transferId, message.directory, message.choice);
        break;
      case 'look': {
        const { request, query } = message;
        const page = (await this.#receiver?.look?.(query)) ?? null;
        this.#post({ kind: 'looked', request, page });
        break;
      }
      case 'pictures': {
        const { request, query } = message;
        this.#post({ kind: 'shown', request, pictures: this.#receiver?.pictures?.(query) ?? null });
        break;
      }
      case 'decline':
        this.#receiver?.decline(message.transferId, message.code);
        break;
      case 'pause':
        this.#receiver?.pause(message.transferId);
        break;
      case 'resume':
        this.#receiver?.resume(message.transferId);
        break;
      case 'cancel':
        await this.#receiver?.cancel(message.transferId);
        break;
      case 'verify':
        this.#checks?.start(message.transferId, message.arrived);
        break;
      case 'stopVerify':
        this.#checks?.stop(message.transferId);
        break;
      case 'undo':
        await this.#answer(message.request, (shelf) => this.#undo(shelf, message.transferId));
        break;
      case 'clearReceipts':
        await this.#answer(message.request, (shelf) => shelf.clearReceipts());
        break;
      case 'pairing':
        this.#receiver?.pair?.(message.order);
        break;
      case 'blocked':
        this.#receiver?.setBlocked?.(message.peerIds);
        break;
      case 'visibleTo':
        this.#receiver?.setVisibleTo?.(message.peerIds);
        break;
      case 'reachableFrom':
        this.#door.set(message.from);
        break;
      case 'stop':
        this.#isStopping = true;
        await Promise.all([this.#receiver?.stop(), this.#checks?.stopAll()]);
        await this.#receipts;
        this.#reporter.stop();
        this.#post({ kind: 'stopped' });
        break;
    }
  }

  /** Never rejects. */
  #answer(request: number, run: (shelf: JournalShelf) => Promise<void> | void): Promise<void> {
    this.#receipts = this.#receipts.then(async () => {
      let failure: Failure | null = null;
      try {
        await run(new JournalShelf(this.#fs, this.#home));
      } catch (error) {
        failure = toFailure(error);
      }
      this.#post({ kind: 'answered', request, failure });
    });
    return this.#receipts;
  }

  /** Never rejects. */
  async #move(request: number, listen: ListenOptions | null): Promise<void> {
    let bound: Bound | null = null;
    let failure: Failure | null = null;
    try {
      const receiver = this.#receiver;
      // by the bare exchange it stays where it is
      const moved = receiver?.listenAt ? receiver.listenAt(listen) : receiver?.bound();
      bound = (await moved) ?? null;
    } catch (error) {
      failure = toFailure(error);
    }
    this.#post({ kind: 'moved', request, bound, failure });
  }

  async #undo(shelf: JournalShelf, transferId: TransferId): Promise<void> {
    const content = await shelf.receipt(transferId, () => !this.#isStopping);
    if (!content) throw new DroplineError('NOTHING_TO_UNDO');
    const moved = await undoReplacements(this.#fs, content, () => !this.#isStopping);
    await shelf.markUndone(content, transferId, moved);
  }

  async #start({ self, listen, home, callers }: StartReceiving): Promise<void> {
    this.#home = home;
    this.#checks = new ReceiptChecks({
      fs: this.#fs,
      clock: this.#clock,
      home,
      emit: (event) => {
        this.#post({ kind: 'event', event });
      },
    });
    if (listen === null) return;
    try {
      const shelf = new JournalShelf(this.#fs, home);
      const door = this.#door;
      door.set(callers.from);
      const system = { fs: this.#fs, clock: this.#clock, reporter: this.#reporter, shelf, door };
      this.#receiver =
        listen.mode === 'plain'
          ? await listenPlain(listen, system)
          : await TlsReceiver.listen(listen, self, callers, system, {
              onPairing: (event) => {
                this.#post({ kind: 'pairing', event });
              },
              onRefused: (peer) => {
                this.#post({ kind: 'refused', peer });
              },
            });
      const { host, port } = await this.#receiver.bound();
      this.#post({ kind: 'listening', host, port });
    } catch (error) {
      this.#post({ kind: 'listenFailed', failure: toFailure(error) });
    }
  }
}
