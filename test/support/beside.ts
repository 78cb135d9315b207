import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Where the dialled side sees a wire: an address at which it finds no lanes, so that all goes through here. */
let beside: Promise<string> | null = null;
const PROBE_MS = 1_000;

/** All of 127.0.0.0/8 is a computer's own, but on macOS: there it is an address of one of its networks. */
async function findBeside(): Promise<string> {
  const infos = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const own = infos.filter(({ family, internal }) => family === 'IPv4' && !internal);
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    for (const address of ['127.0.0.2', ...own.map((info) => info.address)]) {
      if (await canDialFrom(address, port)) return address;
    }
  } finally {
    server.close();
  }
  throw new Error('A wire needs a second address here: `sudo ifconfig lo0 alias 127.0.0.2`');
}

async function canDialFrom(localAddress: string, port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Found once for all wires of a process. */
export function addressBeside(): Promise<string> {
  return (beside ??= findBeside());
}
