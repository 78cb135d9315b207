import type { Socket } from 'node:net';

/** As people write it: a port that takes both families sees every IPv4 address inside an IPv6 one. */
export function remoteAddress(socket: Pick<Socket, 'remoteAddress'>): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
