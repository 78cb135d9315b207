import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Contender, Found, Job } from '../contender.ts';
import { carryBy } from '../contender.ts';
import { findProgram, versionOf } from '../find-program.ts';
import { freePort } from '../place.ts';
import type { Program } from '../programs.ts';

/** scp, and tar through ssh, to an sshd of our own with keys that are thrown away. */

const CIPHER = 'aes128-gcm@openssh.com';

/** In single quotes, for a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export function findSsh(folder: string): Found {
  const paths = ['sshd', 'ssh', 'scp', 'ssh-keygen', 'tar'].map(findProgram);
  const [sshd, ssh, scp, keygen, tar] = paths;
  if (!sshd || !ssh || !scp || !keygen || !tar) {
    return { missing: 'scp and tar over ssh (packages openssh-server, openssh-client)' };
  }
  const keys = makeKeys(keygen, join(folder, 'ssh'));
  const serve = (job: Job, port: number) =>
    job.place.startServer(sshd, ['-D', '-e', '-f', configure(keys, job, port)]);
  const contender = (
    about: Pick<Contender, 'name' | 'does' | 'carries' | 'keepsMetadata'>,
    start: (job: Job, port: number) => Program,
  ): Contender => ({
    ...about,
    carry: async (job) => {
      const port = await freePort();
      return carryBy(serve(job, port), port, () => start(job, port), 'alone');
    },
  });
  return {
    versions: { ssh: versionOf(ssh, '-V'), tar: versionOf(tar, '--version') },
    contenders: [
      contender(
        {
          name: 'scp aes128-gcm',
          does: 'encrypted; not hashed, not flushed',
          carries: ['file', 'byte'],
          keepsMetadata: false,
        },
        ({ place, source, sink }, port) => {
          const to = `${userInfo().username}@${place.address}:${sink}/`;
          return place.startClient(scp, [
            '-q',
            '-O',
            ...options(keys),
            '-P',
            `${port}`,
            source,
            to,
          ]);
        },
      ),
      contender(
        {
          name: 'tar over ssh',
          does: 'encrypted (aes128-gcm); not hashed, not flushed',
          carries: ['folder'],
          keepsMetadata: true,
        },
        ({ place, source, sink }, port) => {
          const from = `${tar} -C ${quoted(dirname(source))} -cf - ${quoted(basename(source))}`;
          const to = `${tar} -C ${quoted(sink)} -xf -`;
          const line = [ssh, ...options(keys), '-p', `${port}`, place.address, to];
          return place.startClient('/bin/sh', ['-c', `${from} | ${line.map(quoted).join(' ')}`]);
        },
      ),
    ],
  };
}

interface Keys {
  readonly folder: string;
  readonly host: string;
  readonly user: string;
}

function makeKeys(keygen: string, folder: string): Keys {
  mkdirSync(folder, { recursive: true });
  const [host, user] = ['host', 'user'].map((name) => {
    const path = join(folder, name);
    execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
    return path;
  });
  return { folder, host: host ?? '', user: user ?? '' };
}

function configure(keys: Keys, { place }: Job, port: number): string {
  const path = join(keys.folder, 'sshd_config');
  const lines = [
    `Port ${port}`,
    `ListenAddress ${place.address}`,
    `HostKey ${keys.host}`,
    `AuthorizedKeysFile ${keys.user}.pub`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'PidFile none',
    'LogLevel ERROR',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** Nobody's own settings, known hosts or agent. */
function options(keys: Keys): string[] {
  const settings = [
    `IdentityFile=${keys.user}`,
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'BatchMode=yes',
    'Compression=no',
  ];
  return ['-F', 'none', '-c', CIPHER, ...settings.flatMap((setting) => ['-o', setting])];
}
