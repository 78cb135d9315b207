import type { Socket } from 'node:net';

/**
 * Ends a wire so that the other side cannot take it for an orderly end. One that has said its end, or that
 * does not stand yet, cannot be reset: Node would keep its descriptor for ever.
 */
export function resetSocket(socket: Socket): void {
  if (socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
