import type { WebSocket } from 'ws';
import type {
  Answer,
  CommandName,
  Commands,
  ConsoleEvent,
  ConsoleRequest,
} from '../../shared/contract.ts';
import { commandSchemas, consoleRequestSchema } from '../../shared/contract.ts';
import { DroplineError, toFailure } from '../../shared/errors.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { ConsoleEngine } from './console-engine.ts';

/** A window asks for one thing after the other; this many at once is a page that runs wild. */
const MAX_CALLS_UNDER_WAY = 64;
/** Answers are small: a page that does not take this much of them has hung. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** Carries one page's requests to the engine, and answers and snapshots back, until it goes. */
export function servePage(engine: ConsoleEngine, socket: WebSocket, origin: string): void {
  const page = new ConsolePage(engine, socket, origin);
  const unsubscribe = engine.subscribe((snapshot) => page.show(snapshot));
  socket.on('close', unsubscribe);
  // The close that follows says all that there is to know.
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    const text = !isBinary && Buffer.isBuffer(data) ? data.toString('utf8') : null;
    void page.take(text);
  });
  page.show(engine.snapshot());
}

class ConsolePage {
  readonly #engine: ConsoleEngine;
  readonly #socket: WebSocket;
  readonly #origin: string;
  #callsUnderWay = 0;
  #newest: Snapshot | null = null;
  #isShowing = false;

  constructor(engine: ConsoleEngine, socket: WebSocket, origin: string) {
    this.#engine = engine;
    this.#socket = socket;
    this.#origin = origin;
  }

  /** One snapshot at a time is on its way; of those that come meanwhile only the newest is kept. */
  show(snapshot: Snapshot): void {
    this.#newest = snapshot;
    if (!this.#isShowing) this.#showNewest();
  }

  #showNewest(): void {
    const snapshot = this.#newest;
    this.#newest = null;
    this.#isShowing = snapshot !== null;
    if (snapshot === null) return;
    this.#send({ kind: 'snapshot', snapshot }, (error) => {
      if (!error) this.#showNewest();
    });
  }

  async take(text: string | null): Promise<void> {
    const message = text === null ? null : parseJson(text);
    const id = requestId(message);
    if (id === null || this.#callsUnderWay >= MAX_CALLS_UNDER_WAY) {
      this.#socket.terminate();
      return;
    }
    this.#callsUnderWay++;
    const answer = await this.#answer(message);
    this.#callsUnderWay--;
    this.#send({ kind: 'answer', id, answer });
  }

  async #answer(message: unknown): Promise<Answer<unknown>> {
    try {
      const request = consoleRequestSchema.safeParse(message);
      if (!request.success) throw new DroplineError('WRONG_USAGE');
      return { ok: true, value: await this.#run(request.data) };
    } catch (error) {
      return { ok: false, failure: toFailure(error) };
    }
  }

  #run(request: ConsoleRequest): Promise<unknown> {
    switch (request.kind) {
      case 'call':
        return runCommand(this.#engine.commands, request.name, request.input);
      case 'openPage':
        return this.#engine.openPage(request.items, request.itemCount, this.#origin);
      case 'nameFolder':
        return this.#engine.nameFolder(request.path);
    }
  }

  #send(event: ConsoleEvent, done?: (error?: Error | null) => void): void {
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) this.#socket.terminate();
    else this.#socket.send(JSON.stringify(event), done ?? ignoreClosed);
  }
}

/** A socket that has closed meanwhile tells so here too, and nobody is left to be told. */
function ignoreClosed(): void {
  return undefined;
}

async function runCommand(commands: Commands, name: string, input: unknown): Promise<unknown> {
  if (!isCommandName(name)) throw new DroplineError('WRONG_USAGE', { command: name });
  const checked = commandSchemas[name].safeParse(input);
  if (!checked.success) throw new DroplineError('WRONG_USAGE', { command: name });
  // The schema of this very name has just shown what it is; the compiler cannot follow the pair.
  const command = commands[name] as (input: unknown) => Promise<unknown>;
  return command(checked.data);
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandSchemas, name);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whoever sends an id gets an answer, be the rest as wrong as it likes. */
function requestId(message: unknown): number | null {
  if (typeof message !== 'object' || message === null || !('id' in message)) return null;
  const { id } = message;
  return Number.isSafeInteger(id) && (id as number) >= 0 ? (id as number) : null;
}
