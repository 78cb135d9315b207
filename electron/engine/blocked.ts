import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Failure } from '../../shared/errors.ts';
import { failure } from '../../shared/errors.ts';
import type { BlockedPeer } from '../../shared/model/blocked-peer.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { isPeerId } from '../../shared/model/peer.ts';
import { readIfThere, writeAtomically } from './atomic-file.ts';

const BLOCKED_FILE = 'blocked.json';
/** Keys cost nothing: of those that are blocked for this run the oldest is forgotten first. */
export const MAX_BLOCKED = 256;

const blockedSchema = z.object({
  version: z.literal(1),
  peers: z.array(
    z.object({
      id: z.custom<PeerId>((v) => typeof v === 'string' && isPeerId(v)),
      name: z.string(),
    }),
  ),
});

export interface LoadedBlocked {
  readonly blocked: readonly BlockedPeer[];
  /** What could not be read was set aside, and the person is told. */
  readonly problem: Failure | null;
}

export async function loadBlocked(home: string): Promise<LoadedBlocked> {
  const path = join(home, BLOCKED_FILE);
  const text = await readIfThere(path);
  if (text === null) return { blocked: [], problem: null };
  try {
    const { peers } = blockedSchema.parse(JSON.parse(text));
    return { blocked: peers.map((peer) => ({ ...peer, isStored: true })), problem: null };
  } catch {
    const aside = `${path}.bad`;
    await rename(path, aside);
    return { blocked: [], problem: failure('SETTINGS_UNREADABLE', { path: aside }) };
  }
}

export async function saveBlocked(home: string, blocked: readonly BlockedPeer[]): Promise<void> {
  const peers = blocked.filter(({ isStored }) => isStored).map(({ id, name }) => ({ id, name }));
  const content = JSON.stringify({ version: 1, peers }, null, 2);
  await writeAtomically(join(home, BLOCKED_FILE), `${content}\n`);
}

/** The latest last. */
export function withBlocked(
  blocked: readonly BlockedPeer[],
  added: BlockedPeer,
): readonly BlockedPeer[] {
  const others = blocked.filter(({ id }) => id !== added.id);
  const oldest = others.find(({ isStored }) => !isStored) ?? others[0];
  const kept = others.length < MAX_BLOCKED ? others : others.filter((other) => other !== oldest);
  return [...kept, added];
}
