import type { WebSocket } from 'ws';
import type { PageEntry } from '../../../shared/contract.ts';
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';
import type { PageMessage } from '../../../shared/page-messages.ts';
import { pageMessageSchema } from '../../../shared/page-messages.ts';
import { MAX_ENTRIES } from '../../../shared/protocol/limits.ts';
import { PageBudget } from './page-budget.ts';
import type { PageReader } from './page-reader.ts';
import { ReadAhead } from './page-reader.ts';
import { PageRequests } from './page-requests.ts';
import type { Clock } from './ports.ts';

/**
 * Files that a browser page holds, read in ranges over the page's own WebSocket. The page lists its
 * entries first; after that it only answers. It is as trusted as a peer: whatever it sends that nobody
 * asked for, or that is not what was asked for, closes its socket and this source with it.
 *
 * Nothing is written to disk and at most PAGE_BUDGET_BYTES are held, however large the files are. The
 * source lives as long as the page keeps its socket open, so a transfer can be resumed that long.
 */
export interface PageSource {
  /** What the person dropped, once the page has listed it all. Throws PAGE_CLOSED, TOO_MANY_FILES. */
  entries(): Promise<readonly PageEntry[]>;
  /** Begins a sequential reading. Throws PAGE_CLOSED, also where the entries are not there yet. */
  openReader(): PageReader;
  close(): void;
}

/** JSON of the whole list: MAX_ENTRIES with names as long as they are in real trees, and some room. */
const MAX_LIST_BYTES = 64 * 1024 * 1024;

type List =
  | { readonly phase: 'coming'; readonly entries: PageEntry[]; bytes: number }
  | { readonly phase: 'whole'; readonly entries: readonly PageEntry[] }
  | { readonly phase: 'closed' };

export class SocketPageSource implements PageSource {
  readonly #readers = new Set<ReadAhead>();
  readonly #budget = new PageBudget(() => this.#fillReaders());
  readonly #requests: PageRequests;
  readonly #onClosed: () => void;
  readonly #listed = promise<readonly PageEntry[]>();
  #list: List = { phase: 'coming', entries: [], bytes: 0 };
  #socket: WebSocket | null = null;

  constructor(clock: Clock, onClosed: () => void) {
    this.#onClosed = onClosed;
    this.#requests = new PageRequests({
      clock,
      send: (read) => this.#socket?.send(JSON.stringify(read), ignoreClosed),
      onSilence: () => this.#fail('PAGE_CLOSED'),
    });
    // A page may close before anyone has asked what it holds; that is no error then.
    this.#listed.settled.catch(() => undefined);
  }

  /** The page is here and may speak. */
  attach(socket: WebSocket): void {
    if (this.#list.phase === 'closed') {
      socket.close();
      return;
    }
    this.#socket = socket;
    socket.on('close', () => this.#fail('PAGE_CLOSED'));
    socket.on('message', (data, isBinary) => {
      if (!Buffer.isBuffer(data) || !this.#take(data, isBinary)) this.#fail('PAGE_CLOSED');
    });
  }

  entries(): Promise<readonly PageEntry[]> {
    return this.#listed.settled;
  }

  openReader(): PageReader {
    if (this.#list.phase !== 'whole') throw new DroplineError('PAGE_CLOSED');
    const reader = new ReadAhead({
      entries: this.#list.entries,
      budget: this.#budget,
      requests: this.#requests,
    });
    this.#readers.add(reader);
    return {
      read: (index, offset, target) => reader.read(index, offset, target),
      close: () => {
        this.#readers.delete(reader);
        reader.close();
      },
    };
  }

  close(): void {
    this.#end(new DroplineError('PAGE_CLOSED'));
    this.#socket?.close();
  }

  /** A page that breaks the rules or is silent gets no farewell: it might not hear it, or talk on. */
  #fail(code: ErrorCode, details: ErrorDetails = {}): void {
    this.#end(new DroplineError(code, details));
    this.#socket?.terminate();
  }

  #end(error: DroplineError): void {
    if (this.#list.phase === 'closed') return;
    this.#list = { phase: 'closed' };
    this.#listed.reject(error);
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
    this.#requests.close();
    this.#onClosed();
  }

  #fillReaders(): void {
    for (const reader of this.#readers) reader.fill();
  }

  /** False: the page may not say that. */
  #take(data: Buffer, isBinary: boolean): boolean {
    if (this.#list.phase === 'closed') return true;
    if (isBinary) return this.#requests.takeBytes(data);
    const message = parsePageMessage(data);
    switch (message?.kind) {
      case 'entries':
        return this.#takeEntries(message.entries, data.length);
      case 'entriesEnd':
        return this.#takeEnd();
      case 'unreadable':
        return this.#requests.takeUnreadable(message.request);
      case 'ticket':
      case undefined:
        return false;
    }
  }

  #takeEntries(entries: readonly PageEntry[], bytes: number): boolean {
    const list = this.#list;
    if (list.phase !== 'coming' || !entries.every(isPlain)) return false;
    list.bytes += bytes;
    if (list.entries.length + entries.length > MAX_ENTRIES || list.bytes > MAX_LIST_BYTES) {
      this.#fail('TOO_MANY_FILES', { limit: MAX_ENTRIES });
      return true;
    }
    for (const entry of entries) list.entries.push(entry);
    return true;
  }

  #takeEnd(): boolean {
    if (this.#list.phase !== 'coming') return false;
    const { entries } = this.#list;
    this.#list = { phase: 'whole', entries };
    this.#listed.resolve(entries);
    return true;
  }
}

interface Settleable<T> {
  readonly settled: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: DroplineError) => void;
}

function promise<T>(): Settleable<T> {
  let resolve: Settleable<T>['resolve'] | undefined;
  let reject: Settleable<T>['reject'] | undefined;
  const settled = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { settled, resolve: (value) => resolve?.(value), reject: (error) => reject?.(error) };
}

/** A socket that has closed meanwhile tells so here too; its close event says it to everyone. */
function ignoreClosed(): void {
  return undefined;
}

export function parsePageMessage(data: Buffer): PageMessage | null {
  try {
    const checked = pageMessageSchema.safeParse(JSON.parse(data.toString('utf8')));
    return checked.success ? checked.data : null;
  } catch {
    return null;
  }
}

/** Names are only names: whether a receiver can take them is for the offer to find out. */
function isPlain({ path, kind, bytes }: PageEntry): boolean {
  const arePlain = path.every((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..');
  return arePlain && (kind === 'file' || bytes === 0);
}
