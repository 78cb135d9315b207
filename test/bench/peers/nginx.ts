import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { generate } from 'selfsigned';
import type { Contender, Found } from '../contender.ts';
import { carryBy } from '../contender.ts';
import { findProgram, versionOf } from '../find-program.ts';
import { freePort } from '../place.ts';

/** The cipher of all TLS here, so that nobody wins by a weaker or loses by a stronger one. */
const CIPHER = 'TLS_AES_128_GCM_SHA256';

export async function findNginx(parent: string): Promise<Found> {
  const [nginx, curl] = ['nginx', 'curl'].map(findProgram);
  if (!nginx || !curl) return { missing: 'nginx + curl https (packages nginx-light, curl)' };
  const folder = join(parent, 'nginx');
  mkdirSync(folder);
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'bench' }]);
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  writeFileSync(join(folder, 'cert.pem'), cert);
  const contender: Contender = {
    name: 'nginx + curl https',
    does: 'encrypted; not hashed, not flushed',
    carries: ['file'],
    keepsMetadata: false,
    carry: async ({ source, sink, place }) => {
      const port = await freePort();
      const config = join(folder, 'nginx.conf');
      writeFileSync(config, configuration(folder, dirname(source), place.address, port));
      const server = place.startServer(nginx, ['-p', folder, '-c', config, '-e', 'stderr']);
      const name = basename(source);
      const how = ['-sS', '--fail', '--insecure', '--tlsv1.3', '--tls13-ciphers', CIPHER];
      const args = [...how, '-o', join(sink, name), `https://${place.address}:${port}/${name}`];
      return carryBy(server, port, () => place.startClient(curl, args), 'told');
    },
  };
  return {
    contenders: [contender],
    versions: { nginx: versionOf(nginx, '-v'), curl: versionOf(curl, '--version') },
  };
}

function configuration(folder: string, root: string, address: string, port: number): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `${user}
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr error;
events {}
http {
  access_log off;
  sendfile on;
  ${kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  server {
    listen ${address}:${port} ssl;
    ssl_certificate ${folder}/cert.pem;
    ssl_certificate_key ${folder}/key.pem;
    ssl_protocols TLSv1.3;
    root ${root};
  }
}
`;
}
