import type { Contender } from './contender.ts';
import type { Node } from './nodes.ts';
import { findDropline } from './peers/dropline.ts';
import { findHttp } from './peers/http.ts';
import { findNginx } from './peers/nginx.ts';
import { findRsync } from './peers/rsync.ts';
import { findSocat } from './peers/socat.ts';
import { findSsh } from './peers/ssh.ts';

/** Everybody who is on this machine. */
export interface Contenders {
  readonly contenders: readonly Contender[];
  /** Who is not, and the Debian packages that bring them. */
  readonly missing: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
}

export async function findContenders(
  nodes: readonly Node[],
  folder: string,
  workers: () => Promise<URL>,
): Promise<Contenders> {
  const all = [
    ...nodes.map((node) => findDropline(folder, node, workers)),
    findSsh(folder),
    findRsync(folder),
    await findNginx(folder),
    findSocat(),
    findHttp(process.execPath),
  ];
  const contenders: Contender[] = [];
  const missing: string[] = [];
  const versions: Record<string, string> = {};
  for (const found of all) {
    if ('missing' in found) missing.push(found.missing);
    else {
      contenders.push(...found.contenders);
      Object.assign(versions, found.versions);
    }
  }
  return { contenders, missing, versions };
}
