import { join } from 'node:path';
import { z } from 'zod';
import { DroplineError } from '../../shared/errors.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { isPeerId } from '../../shared/model/peer.ts';
import { readIfThere } from './atomic-file.ts';

const PAIRED_FILE = 'paired.json';

const pairedSchema = z.object({
  version: z.literal(1),
  peers: z.array(
    z.object({
      id: z.custom<PeerId>((v) => typeof v === 'string' && isPeerId(v)),
      name: z.string(),
    }),
  ),
});

/** The devices that a person has confirmed, by the hash of their key. */
export interface Trust {
  readonly devices: readonly { readonly id: PeerId }[];
  isPaired(peerId: PeerId | null): boolean;
}

/** Throws IDENTITY_UNREADABLE: a list that cannot be read must not look like an empty one. */
export async function loadTrust(home: string): Promise<Trust> {
  const path = join(home, PAIRED_FILE);
  const text = await readIfThere(path);
  let ids: ReadonlySet<PeerId> = new Set();
  if (text !== null) {
    try {
      ids = new Set(pairedSchema.parse(JSON.parse(text)).peers.map((peer) => peer.id));
    } catch (cause) {
      throw new DroplineError('IDENTITY_UNREADABLE', { path }, { cause });
    }
  }
  const devices = [...ids].map((id) => ({ id }));
  return { devices, isPaired: (peerId) => peerId !== null && ids.has(peerId) };
}
