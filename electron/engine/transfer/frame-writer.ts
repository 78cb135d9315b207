import {
  FILE_BYTES,
  FILE_END_BYTES,
  writeFile,
  writeFileEnd,
} from '../../../shared/protocol/binary-messages.ts';
import { FRAME_HEADER_BYTES, FRAME_TYPES, writeHeader } from '../../../shared/protocol/frame.ts';
import { DATA_FRAME_BYTES } from '../../../shared/protocol/limits.ts';
import type { Message } from '../../../shared/protocol/messages.ts';
import { encodeMessage } from '../../../shared/protocol/messages.ts';
import type { Connection } from './connection.ts';

/** A wire in any dialect: frames are made here. */
type Wire = Pick<Connection, 'write' | 'pendingBytes'>;

/** One buffer holds a full data frame with room for the small frames around it. */
const BUFFER_BYTES = DATA_FRAME_BYTES + 1024;
/** Bytes that may wait in the socket before the writer asks for a pause. */
const MAX_PENDING_BYTES = 4 * BUFFER_BYTES;
/** Too little room for data to be worth a frame: the buffer is sent as it is. */
const MIN_DATA_BYTES = 16 * 1024;

/** What stands before and after the content of a file that goes out whole. */
const FILE_HEAD_BYTES = FRAME_HEADER_BYTES + FILE_BYTES + FRAME_HEADER_BYTES;
const FILE_TAIL_BYTES = FRAME_HEADER_BYTES + FILE_END_BYTES;

/**
 * Gathers frames into few large writes: a file is read straight into the buffer that goes to the socket,
 * and many small files share one. Buffers are used again when the socket has taken them.
 */
export class FrameWriter {
  readonly #connection: Wire;
  readonly #free: Uint8Array[] = [];
  #buffer: Uint8Array = newBuffer();
  #at = 0;
  #onRoom: (() => void) | null = null;

  constructor(connection: Wire) {
    this.#connection = connection;
  }

  get full(): boolean {
    return this.#connection.pendingBytes >= MAX_PENDING_BYTES;
  }

  /** Calls back once, when the socket has taken some. */
  onRoom(run: () => void): void {
    this.#onRoom = run;
  }

  message(message: Message): void {
    const frame = encodeMessage(message);
    if (this.#at + frame.length > BUFFER_BYTES) this.flush();
    if (frame.length > BUFFER_BYTES) {
      this.#connection.write(frame, this.#taken);
      return;
    }
    this.#buffer.set(frame, this.#at);
    this.#at += frame.length;
  }

  /** Where up to `wantedBytes` of a data frame go; then `commitData` says how many were put there. */
  reserveData(wantedBytes: number): Uint8Array {
    const room = BUFFER_BYTES - this.#at - FRAME_HEADER_BYTES;
    if (room < Math.min(wantedBytes, MIN_DATA_BYTES)) this.flush();
    const from = this.#at + FRAME_HEADER_BYTES;
    const bytes = Math.min(wantedBytes, DATA_FRAME_BYTES);
    return this.#buffer.subarray(from, Math.min(from + bytes, BUFFER_BYTES));
  }

  commitData(bytes: number): void {
    this.#at = writeHeader(this.#buffer, this.#at, FRAME_TYPES.data, bytes) + bytes;
    if (BUFFER_BYTES - this.#at < MIN_DATA_BYTES) this.flush();
  }

  /** Where a whole file of one frame goes; `commitFile` puts its frames around it, or nothing does. */
  reserveFile(bytes: number): Uint8Array {
    const head = bytes > 0 ? FILE_HEAD_BYTES : 0;
    if (this.#at + head + bytes + FILE_TAIL_BYTES > BUFFER_BYTES) this.flush();
    const from = this.#at + head;
    return this.#buffer.subarray(from, from + bytes);
  }

  /** The whole file is what was put there; an empty one has no range. */
  commitFile(index: number, bytes: number, hash: Uint8Array): void {
    const buffer = this.#buffer;
    let at = this.#at;
    if (bytes > 0) {
      at = writeHeader(buffer, at, FRAME_TYPES.file, FILE_BYTES);
      writeFile(buffer, at, { index, offset: 0, bytes });
      at = writeHeader(buffer, at + FILE_BYTES, FRAME_TYPES.data, bytes) + bytes;
    }
    at = writeHeader(buffer, at, FRAME_TYPES.fileEnd, FILE_END_BYTES);
    writeFileEnd(buffer, at, { index, hash });
    this.#at = at + FILE_END_BYTES;
    if (BUFFER_BYTES - this.#at < MIN_DATA_BYTES) this.flush();
  }

  flush(): void {
    if (this.#at === 0) return;
    const buffer = this.#buffer;
    this.#connection.write(buffer.subarray(0, this.#at), () => {
      this.#free.push(buffer);
      this.#taken();
    });
    this.#buffer = this.#free.pop() ?? newBuffer();
    this.#at = 0;
  }

  readonly #taken = (): void => {
    if (this.full || this.#onRoom === null) return;
    const run = this.#onRoom;
    this.#onRoom = null;
    run();
  };
}

/** Parts of a Buffer are what the system and the hash take as they are. */
function newBuffer(): Uint8Array {
  return Buffer.alloc(BUFFER_BYTES);
}
