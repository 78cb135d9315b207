import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileSystem } from '../../electron/engine/transfer/ports.ts';
import { realFileSystem } from '../../electron/engine/transfer/ports.ts';
import { planOffer } from '../../electron/engine/transfer/preflight.ts';
import type { UnwantedEntries } from '../../electron/engine/transfer/unwanted-entries.ts';
import { ALL_WANTED } from '../../electron/engine/transfer/unwanted-entries.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Entry } from '../../shared/protocol/messages.ts';
import type { NamePlatform } from '../../shared/protocol/wire-path.ts';
import { planNames } from '../../shared/protocol/wire-path.ts';
import { HandClock } from './hand-clock.ts';

/** Offers that were never made, planned for real folders. */

export interface PlanningOptions {
  readonly disk?: Partial<FileSystem>;
  readonly platform?: NamePlatform;
  readonly breathe?: () => Promise<unknown>;
  readonly isWanted?: () => boolean;
  readonly heldBytes?: number;
  readonly unwanted?: UnwantedEntries;
}

export function plan(
  directory: string,
  entries: readonly Entry[],
  options: PlanningOptions = {},
): Promise<Plan | null> {
  const { disk = {}, platform = 'linux', isWanted = () => true, heldBytes = 0, ...rest } = options;
  const planned = planNames(entries, platform);
  if (!planned.ok) throw new Error(planned.reason);
  const { saved } = planned;
  const request = { fs: { ...realFileSystem, ...disk }, clock: new HandClock(), ...rest };
  const { unwanted = ALL_WANTED } = options;
  const what = { directory, entries, saved, unwanted, heldBytes: () => heldBytes };
  return planOffer({ ...request, ...what }, isWanted);
}

/** Throws where there is none. */
export async function planned(...args: Parameters<typeof plan>): Promise<Plan> {
  const found = await plan(...args);
  if (found === null) throw new Error('no plan');
  return found;
}

export const TIME_US = 1_600_000_000_123_456;

export function file(
  path: string,
  bytes = 3,
  modifiedUs = TIME_US,
): Extract<Entry, { kind: 'file' }> {
  return { kind: 'file', path: path.split('/'), bytes, modifiedUs };
}

export function directory(path: string): Entry {
  return { kind: 'directory', path: path.split('/') };
}

/** Writes a file that has exactly this time. */
export function put(path: string, bytes = 3, modifiedUs = TIME_US): void {
  writeFileSync(path, 'x'.repeat(bytes));
  const seconds = (modifiedUs + 0.25) / 1e6;
  utimesSync(path, seconds, seconds);
}

/** Empty folders on the real disk, gone with `remove`. */
export class Folders {
  readonly root = mkdtempSync(join(tmpdir(), 'dropline-planning-'));
  #made = 0;

  empty(): string {
    const path = join(this.root, String(this.#made++));
    mkdirSync(path);
    return path;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
