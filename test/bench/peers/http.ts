import { fileURLToPath } from 'node:url';
import type { Contender, Found } from '../contender.ts';
import { carryBy } from '../contender.ts';
import { freePort } from '../place.ts';

const SERVER = fileURLToPath(new URL('http-server.mjs', import.meta.url));
const CLIENT = fileURLToPath(new URL('http-client.mjs', import.meta.url));
const AT_ONCE = '6';

/** It comes with the bench: how most apps of this kind send, as fast as plain Node does it. */
export function findHttp(node: string): Found {
  const contender: Contender = {
    name: 'Node http upload',
    does: 'a PUT for each file, 6 at once; not encrypted, not hashed, not flushed',
    carries: ['folder'],
    keepsMetadata: false,
    carry: async ({ source, sink, place }) => {
      const port = await freePort();
      const server = place.startServer(node, [SERVER, place.address, `${port}`, sink]);
      const args = [CLIENT, place.address, `${port}`, source, AT_ONCE];
      return carryBy(server, port, () => place.startClient(node, args), 'told');
    },
  };
  return { contenders: [contender], versions: {} };
}
