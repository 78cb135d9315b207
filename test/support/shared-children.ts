import { BUILT_CHILDREN, CHILD_ENTRIES } from '../faults/support/child-entries.ts';
import { buildEntries } from './build-entries.ts';

/** Builds the whole engines of the fault matrix, once for all files of a suite: outside of it each run does. */
export default async function shareChildren(): Promise<() => Promise<void>> {
  const built = await buildEntries(CHILD_ENTRIES);
  process.env[BUILT_CHILDREN] = built.directory.href;
  return () => built.remove();
}
