import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { PageEntry } from '../../shared/contract.ts';
import type { PageRead } from '../../shared/page-messages.ts';

/** A browser page that holds files in memory and serves them as the real one does, or worse. */
export class FakePage {
  readonly socket: WebSocket;
  readonly reads: PageRead[] = [];
  askedBytes = 0;
  /** Answers at once; null: the test answers by itself, from `reads`. */
  serve: ((read: PageRead) => void) | null = (read) => this.answer(read);
  readonly #contents: readonly (Uint8Array | null)[];
  #onRead: (() => void) | null = null;

  constructor(
    url: string,
    options: {
      readonly origin?: string | undefined;
      readonly host?: string;
      readonly contents?: readonly (Uint8Array | null)[];
    },
  ) {
    this.#contents = options.contents ?? [];
    const headers = options.host === undefined ? {} : { host: options.host };
    this.socket = new WebSocket(url, {
      headers,
      ...(options.origin !== undefined && { origin: options.origin }),
    });
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer) => {
      const read = JSON.parse(data.toString('utf8')) as PageRead;
      this.reads.push(read);
      this.askedBytes += read.bytes;
      this.#onRead?.();
      this.serve?.(read);
    });
  }

  /** False: it was not let in. */
  async opened(): Promise<boolean> {
    await new Promise((resolve) => {
      this.socket.once('open', resolve);
      this.socket.once('close', resolve);
    });
    return this.socket.readyState === WebSocket.OPEN;
  }

  async closed(): Promise<void> {
    if (this.socket.readyState !== WebSocket.CLOSED) await once(this.socket, 'close');
  }

  async asked(count: number): Promise<void> {
    while (this.reads.length < count) await new Promise<void>((wake) => (this.#onRead = wake));
  }

  /** Everything that was asked before now has come. */
  async heardAll(): Promise<void> {
    this.socket.ping();
    await once(this.socket, 'pong');
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  list(entries: readonly PageEntry[]): void {
    this.say({ kind: 'entries', entries });
    this.say({ kind: 'entriesEnd' });
  }

  answer({ request, index, offset, bytes }: PageRead): void {
    this.sendBytes(request, this.#contents[index]!.subarray(offset, offset + bytes));
  }

  sendBytes(request: number, bytes: Uint8Array): void {
    const frame = Buffer.alloc(4 + bytes.length);
    frame.writeUInt32BE(request, 0);
    frame.set(bytes, 4);
    this.socket.send(frame);
  }
}

/** Entries as a page lists them; null stands for a directory. */
export function pageEntries(contents: readonly (Uint8Array | null)[]): PageEntry[] {
  return contents.map((content, at) => ({
    path: ['dropped', content === null ? `folder-${at}` : `file-${at}`],
    kind: content === null ? 'directory' : 'file',
    bytes: content?.length ?? 0,
    modifiedMs: content === null ? null : 1_700_000_000_000 + at,
  }));
}
