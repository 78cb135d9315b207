import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Plan } from '../../../shared/model/plan.ts';
import { missingBytes } from '../../../shared/model/plan.ts';
import type { Entries } from '../../../shared/protocol/messages.ts';
import type { Paths } from '../../../shared/protocol/path-list.ts';
import { findExisting } from './existing.ts';
import { OfferTree } from './offer-tree.ts';
import type { Clock, FileSystem } from './ports.ts';
import { roomIn } from './room.ts';
import type { UnwantedEntries } from './unwanted-entries.ts';

/** A slice ends after so many steps or so long, whichever comes first: a slow disk may take long for one. */
export const SLICE_STEPS = 500;
const SLICE_MS = 20;

export interface PlanRequest {
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** Where it would be saved, absolute. */
  readonly directory: string;
  readonly entries: Entries;
  /** The receiver's own plan of every path (wire-path.ts), by entry. */
  readonly saved: Paths;
  readonly unwanted: UnwantedEntries;
  /** What is there of an earlier attempt, and need not be written again. */
  readonly heldBytes?: () => number;
  /** Lets the thread do other work between two slices. */
  readonly breathe?: () => Promise<unknown>;
}

/**
 * What accepting an offer would do, found out in slices: a hundred thousand files may not keep the wire
 * waiting. Never rejects. null: the folder cannot be looked at, or nobody wants to know any more.
 */
export async function planOffer(
  request: PlanRequest,
  isWanted: () => boolean,
): Promise<Plan | null> {
  const { clock, breathe = nextTurn } = request;
  const steps = makePlan(request);
  try {
    while (isWanted()) {
      const sliceEndMs = clock.nowMs() + SLICE_MS;
      for (let n = 0; n < SLICE_STEPS && clock.nowMs() < sliceEndMs; n++) {
        const step = steps.next();
        if (step.done) return step.value;
      }
      await breathe();
    }
    return null;
  } catch {
    return null; // accepting it meets the same disk, and says what is wrong with it
  } finally {
    steps.return(undefined as never);
  }
}

/** Yields after each small step. Throws what the disk does. */
function* makePlan(request: PlanRequest): Generator<void, Plan> {
  const { fs, directory, entries, saved, unwanted, heldBytes } = request;
  const { freeBytes, reserveBytes, fileLimitBytes } = roomIn(fs, directory);
  const tree = new OfferTree(fileLimitBytes);
  for (const [index, entry] of entries.entries()) {
    if (!unwanted.has(index)) tree.add(entry, saved.at(index) ?? []);
    yield;
  }
  const facts = tree.facts();
  const bytes = Math.max(0, facts.bytes - (heldBytes?.() ?? 0));
  const existing = yield* findExisting(fs, directory, tree.root);
  const fits = missingBytes({ freeBytes, reserveBytes }, bytes) === 0;
  const left = unwanted.totals.files;
  const plan = { directory, ...facts, bytes, freeBytes, reserveBytes, fits, existing };
  return left === 0 ? plan : { ...plan, unwantedFiles: left };
}
