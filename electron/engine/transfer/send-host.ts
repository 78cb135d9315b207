import { DroplineError, toFailure } from '../../../shared/errors.ts';
import type { Item, TransferId } from '../../../shared/model/transfer.ts';
import { MAX_PROBLEM_EXAMPLES } from '../../../shared/model/transfer.ts';
import type { Entries } from '../../../shared/protocol/messages.ts';
import { CountReporter } from './count-reporter.ts';
import { Dialler } from './dialler.ts';
import { offerAgain, sayGoodbyes } from './goodbye.ts';
import type { PageServer } from './page-server.ts';
import { pageFiles } from './page-files.ts';
import { Pacer } from './pacer.ts';
import { PairingHost } from './pairing-host.ts';
import { PlainSendJob } from './plain-send.ts';
import type { Clock, FileSystem } from './ports.ts';
import { scanPart } from './scan-part.ts';
import { scan } from './scan.ts';
import type { Prepared } from './send-offer.ts';
import { SendJob } from './send-job.ts';
import type { OfferedPictures } from './send-thumbnails.ts';
import { SentLists } from './sent-lists.ts';
import { diskSource } from './source.ts';
import { dialFrom } from './way-out.ts';
import type {
  FromSendWorker,
  Self,
  SendRequest,
  TakeBackRequest,
  ToSendWorker,
} from './worker-messages.ts';

/** A peer that does not hear our goodbye may not hold up the stop. */
export const GOODBYES_MS = 3_000;

type Job = SendJob | PlainSendJob;
type PageRequest = Extract<SendRequest['source'], { kind: 'page' }>;

/** What the send worker does, apart from being a thread: keeps the jobs and the page server. */
export class SendHost {
  readonly #fs: FileSystem;
  readonly #clock: Clock;
  readonly #post: (message: FromSendWorker) => void;
  readonly #jobs = new Map<TransferId, Job>();
  readonly #running = new Set<Promise<void>>();
  readonly #reporter: CountReporter;
  readonly #pairings: PairingHost;
  readonly #pacer: Pacer;
  readonly #openMaker: OfferedPictures['openMaker'] | null;
  #lists = this.#listsOf(null);
  #self: Self | null = null;
  #pages: Promise<PageServer> | null = null;

  /** `openMaker` null: what is offered is not shown. */
  constructor(
    fs: FileSystem,
    clock: Clock,
    post: (message: FromSendWorker) => void,
    openMaker: OfferedPictures['openMaker'] | null = null,
  ) {
    this.#fs = fs;
    this.#openMaker = openMaker;
    this.#clock = clock;
    this.#pacer = new Pacer(clock);
    this.#post = post;
    this.#reporter = new CountReporter(clock, (event) => {
      post({ kind: 'event', event });
    });
    this.#pairings = new PairingHost({
      clock,
      self: () => this.#mustSelf(),
      emit: (event) => {
        post({ kind: 'pairing', event });
      },
    });
  }

  async handle(message: ToSendWorker): Promise<void> {
    switch (message.kind) {
      case 'start':
        this.#self = message.self;
        this.#lists = this.#listsOf(message.home);
        break;
      case 'dialFrom':
        dialFrom(message.interface);
        break;
      case 'pace':
        this.#pacer.set(message.bytesPerSecond);
        break;
      case 'rename':
        if (this.#self) this.#self = { ...this.#self, name: message.name };
        break;
      case 'send':
        this.#start(message.request);
        break;
      case 'takeBack':
        this.#takeBack(message.request);
        break;
      case 'cancel':
        this.#jobs.get(message.transferId)?.cancel();
        break;
      case 'pause':
      case 'resume': {
        const job = this.#jobs.get(message.transferId);
        // the bare exchange has no words for it
        if (job instanceof SendJob) job[message.kind]();
        break;
      }
      case 'announced': {
        const job = this.#jobs.get(message.transferId);
        if (job instanceof SendJob) job.announced(message.places);
        break;
      }
      case 'openPage':
        await this.#openPage(message.request, message.origin);
        break;
      case 'listFiles': {
        const page = await this.#lists.page(message.transferId, message.query);
        this.#post({ kind: 'files', request: message.request, page });
        break;
      }
      case 'pairing':
        this.#pairings.order(message.order);
        break;
      case 'stop':
        await this.#stop();
        break;
    }
  }

  async #openPage(request: number, origin: string): Promise<void> {
    this.#pages ??= openPages(this.#clock);
    try {
      const { selectionKey, ...ticket } = (await this.#pages).createTicket(origin);
      this.#post({ kind: 'page', request, selectionKey, ticket });
    } catch (error) {
      this.#pages = null; // the next one tries again
      this.#post({ kind: 'pageFailed', request, failure: toFailure(error) });
    }
  }

  #start(request: SendRequest): void {
    const { transferId } = request;
    const job = this.#createJob(request);
    this.#jobs.set(transferId, job);
    this.#reporter.watch(transferId, () => job.counts);
    const running = this.#run(job).finally(() => {
      this.#running.delete(running);
      // one that says goodbye for long may have been followed by another
      if (this.#jobs.get(transferId) !== job) return;
      this.#reporter.forget(transferId);
      this.#jobs.delete(transferId);
    });
    this.#running.add(running);
  }

  async #run(job: Job): Promise<void> {
    await job.run();
    if (job instanceof SendJob && job.offer) await this.#lists.keep(job.transferId, job.offer);
  }

  #listsOf(home: string | null): SentLists {
    return new SentLists(this.#fs, home, (transferId) => {
      const job = this.#jobs.get(transferId);
      return job instanceof SendJob ? job.offer : null;
    });
  }

  #takeBack({ transferId, offer, places, peerId }: TakeBackRequest): void {
    const clock = this.#clock;
    const dialler = new Dialler(clock, places);
    const goodbye = { clock, self: this.#mustSelf(), dialler, peerId, offer: offerAgain(offer) };
    const ids = [offer.offerId, ...offer.earlierIds];
    const running = sayGoodbyes(goodbye, ids).then((heard) => {
      this.#running.delete(running);
      this.#reporter.emit({ kind: 'takenBack', transferId, heard });
    });
    this.#running.add(running);
  }

  #createJob(request: SendRequest): Job {
    const common = {
      request,
      clock: this.#clock,
      prepare: (r: SendRequest, signal: AbortSignal) => this.#prepare(r, signal),
      emit: this.#reporter.emit,
    };
    if (request.mode === 'plain') return new PlainSendJob(common);
    const openMaker = this.#openMaker;
    return new SendJob({ ...common, pacer: this.#pacer, openMaker, self: () => this.#mustSelf() });
  }

  #mustSelf(): Self {
    if (!this.#self) throw new DroplineError('INTERNAL', { reason: 'not started' });
    return this.#self;
  }

  async #prepare(request: SendRequest, signal: AbortSignal): Promise<Prepared> {
    if (request.source.kind === 'page') {
      return orAborted(this.#preparePage(request.source), signal);
    }
    const { paths, failedOf } = request.source;
    const part = failedOf && (await this.#lists.failedOf(failedOf));
    const found = part
      ? await scanPart(this.#fs, part, signal)
      : await scan(this.#fs, paths, signal);
    return {
      source: diskSource(this.#fs, found),
      items: found.items,
      itemCount: found.items.length,
      leftOut: found.leftOut,
      content: request.source.content,
      before: await this.#lists.before(request),
    };
  }

  async #preparePage({ selectionKey, failedOf }: PageRequest): Promise<Prepared> {
    const page = (await this.#pages)?.source(selectionKey);
    if (!page) throw new DroplineError('PAGE_CLOSED');
    const part = failedOf && (await this.#lists.failedOf(failedOf));
    const { source, leftOut } = await pageFiles(page, part && new Set(part.paths));
    const items = itemsOf(source.entries);
    const examples = leftOut.slice(0, MAX_PROBLEM_EXAMPLES);
    return { source, items, itemCount: items.length, leftOut: { count: leftOut.length, examples } };
  }

  async #stop(): Promise<void> {
    for (const job of this.#jobs.values()) {
      // the bare exchange cannot go on later
      if (job instanceof SendJob) job.interrupt();
      else job.cancel();
    }
    await this.#goodbyes();
    this.#pacer.stop();
    this.#reporter.stop();
    if (this.#pages) await (await this.#pages).close();
    this.#post({ kind: 'stopped' });
  }

  #goodbyes(): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = this.#clock.after(GOODBYES_MS, resolve);
      void Promise.all([...this.#running, this.#pairings.stop()]).then(() => {
        stopTimer();
        resolve();
      });
    });
  }
}

/** A page may take its time to list what it has: a person who cancels does not wait for it. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new DroplineError('CANCELLED'));
    });
    promise.then(resolve, reject);
  });
}

function itemsOf(entries: Entries): Item[] {
  const items = new Map<string, Item>();
  for (const { path, kind } of entries) {
    const name = path[0] ?? '';
    const isFile = kind === 'file' && path.length === 1;
    items.set(name, { name, kind: isFile ? 'file' : 'folder' });
  }
  return [...items.values()];
}

/** Only where a page wants it: what serves it takes as long to load as all the rest of this thread. */
async function openPages(clock: Clock): Promise<PageServer> {
  const { openPageServer } = await import('./page-server.ts');
  return openPageServer(clock);
}
