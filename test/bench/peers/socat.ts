import { basename, join } from 'node:path';
import type { Contender, Found } from '../contender.ts';
import { carryBy } from '../contender.ts';
import { findProgram, versionOf } from '../find-program.ts';
import { freePort } from '../place.ts';

const BUFFER_BYTES = '1048576';

export function findSocat(): Found {
  const socat = findProgram('socat');
  if (socat === null) return { missing: 'socat (package socat)' };
  const contender: Contender = {
    name: 'socat',
    does: 'not encrypted, not hashed, no acknowledgement: what the kernel can do',
    carries: ['file'],
    keepsMetadata: false,
    carry: async ({ source, sink, place }) => {
      const port = await freePort();
      const oneWay = ['-u', '-b', BUFFER_BYTES];
      const to = `CREATE:${join(sink, basename(source))}`;
      const listen = `TCP4-LISTEN:${port},bind=${place.address}`;
      const server = place.startServer(socat, [...oneWay, listen, to]);
      const dial = [`OPEN:${source},rdonly`, `TCP4:${place.address}:${port}`];
      const start = () => place.startClient(socat, [...oneWay, ...dial]);
      // the sender is done when its kernel has all: the copy is whole when the receiver ends
      return carryBy(server, port, start, 'itself');
    },
  };
  return { contenders: [contender], versions: { socat: versionOf(socat, '-V') } };
}
