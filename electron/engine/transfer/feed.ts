import { DATA_FRAME_BYTES } from '../../../shared/protocol/limits.ts';

/**
 * Takes what a socket reads into one buffer that is used again and again: the socket makes no chunks, which
 * is a third of what it costs to receive. Only a socket that dialled can do so.
 */
export class Feed {
  /** Before it is set nothing is expected. A chunk is valid only during the call. */
  onChunk: (chunk: Uint8Array) => void = () => undefined;
  readonly onread = {
    buffer: new Uint8Array(DATA_FRAME_BYTES),
    callback: (bytes: number, buffer: Uint8Array): boolean => {
      this.onChunk(buffer.subarray(0, bytes));
      return true;
    },
  };
}
