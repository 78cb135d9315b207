import type { PageEntry, PageTicket } from '../../shared/contract.ts';
import type { PageMessage, PageRead } from '../../shared/page-messages.ts';
import type { HeldEntry } from './page-entries.ts';
import type { OpenSocket, Socket } from './socket.ts';

/** Entries in one message, and characters of their names: well below what a server takes at once. */
const ENTRIES_PER_PAGE = 500;
const CHARACTERS_PER_PAGE = 128 * 1024;
const REQUEST_ID_BYTES = 4;

/**
 * Serves the files that this page holds: first their list, then any range of them that is asked for.
 * It ends when the other side closes, or by stop().
 */
export class PageSource {
  readonly #socket: Socket;
  readonly #entries: AsyncIterable<HeldEntry>;
  readonly #files: (Blob | null)[] = [];
  #closed = false;

  constructor(open: OpenSocket, { url, ticket }: PageTicket, entries: AsyncIterable<HeldEntry>) {
    this.#entries = entries;
    this.#socket = open(url, {
      onOpen: () => {
        this.#say({ kind: 'ticket', ticket });
        void this.#list();
      },
      onText: (text) => {
        const read = parseRead(text);
        if (read !== null) void this.#answer(read);
      },
      onClose: () => {
        this.#closed = true;
      },
    });
  }

  get isOpen(): boolean {
    return !this.#closed;
  }

  stop(): void {
    this.#closed = true;
    this.#socket.close();
  }

  async #list(): Promise<void> {
    let page: PageEntry[] = [];
    let characters = 0;
    const flush = () => {
      if (page.length > 0) this.#say({ kind: 'entries', entries: page });
      page = [];
      characters = 0;
    };
    for await (const { file, ...entry } of this.#entries) {
      if (this.#closed) return;
      // The place in this list is the index by which the file is asked for.
      this.#files.push(file);
      page.push(entry);
      characters += entry.path.reduce((sum, part) => sum + part.length, 0);
      if (page.length >= ENTRIES_PER_PAGE || characters >= CHARACTERS_PER_PAGE) flush();
    }
    flush();
    this.#say({ kind: 'entriesEnd' });
  }

  async #answer({ request, index, offset, bytes }: PageRead): Promise<void> {
    const part = await readRange(this.#files[index] ?? null, offset, bytes);
    if (part === null) {
      this.#say({ kind: 'unreadable', request });
      return;
    }
    const frame = new Uint8Array(REQUEST_ID_BYTES + part.byteLength);
    new DataView(frame.buffer).setUint32(0, request);
    frame.set(new Uint8Array(part), REQUEST_ID_BYTES);
    if (!this.#closed) this.#socket.send(frame.buffer);
  }

  #say(message: PageMessage): void {
    if (!this.#closed) this.#socket.send(JSON.stringify(message));
  }
}

/** null where the file is gone, has changed since it was chosen, or is shorter than it said. */
async function readRange(
  file: Blob | null,
  offset: number,
  bytes: number,
): Promise<ArrayBuffer | null> {
  try {
    // To cut a part out, the page has to wait for the browser: a file of one part is read as it is.
    const isAll = offset === 0 && bytes === file?.size;
    const part = await (isAll ? file : file?.slice(offset, offset + bytes))?.arrayBuffer();
    return part?.byteLength === bytes ? part : null;
  } catch {
    return null;
  }
}

function parseRead(text: string): PageRead | null {
  const message = JSON.parse(text) as PageRead | { readonly kind: string };
  return message.kind === 'read' && 'request' in message ? message : null;
}
