import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Program, Programs, StartOptions } from './programs.ts';

/** Where the two ends of a transfer run. */
export interface Place {
  /** The receiving or serving end, as the other one dials it. */
  readonly address: string;
  startServer(command: string, args: readonly string[], options?: StartOptions): Program;
  startClient(command: string, args: readonly string[], options?: StartOptions): Program;
}

/** Both on this computer, over its loopback. */
export function onLoopback(programs: Programs): Place {
  return {
    address: '127.0.0.1',
    startServer: (...start) => programs.start(...start),
    startClient: (...start) => programs.start(...start),
  };
}

/** A port that nobody had a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
