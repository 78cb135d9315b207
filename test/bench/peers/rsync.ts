import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Found } from '../contender.ts';
import { carryBy } from '../contender.ts';
import { findProgram, versionOf } from '../find-program.ts';
import { freePort } from '../place.ts';

export function findRsync(folder: string): Found {
  const rsync = findProgram('rsync');
  if (rsync === null) return { missing: 'rsync daemon (package rsync)' };
  const contender: Contender = {
    name: 'rsync daemon',
    does: 'not encrypted; hashed; not flushed',
    carries: ['file', 'folder'],
    keepsMetadata: true,
    carry: async ({ source, sink, place }) => {
      const port = await freePort();
      const config = join(folder, 'rsyncd.conf');
      writeFileSync(config, configuration(sink));
      const listen = [`--port=${port}`, `--address=${place.address}`];
      const serve = ['--daemon', '--no-detach', `--config=${config}`, ...listen];
      const server = place.startServer(rsync, serve);
      const to = `rsync://${place.address}:${port}/sink/`;
      return carryBy(server, port, () => place.startClient(rsync, ['-a', source, to]), 'alone');
    },
  };
  return { contenders: [contender], versions: { rsync: versionOf(rsync, '--version') } };
}

function configuration(sink: string): string {
  // only root may change to another user, and it stays what it is
  const owner = process.getuid?.() === 0 ? ['uid = 0', 'gid = 0'] : [];
  const lines = ['use chroot = no', 'log file = /dev/null', ...owner, '[sink]', 'read only = no'];
  return [...lines, `path = ${sink}`, ''].join('\n');
}
