import type { TestProject } from 'vitest/node';
import { buildEntries } from './build-entries.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the engine's workers, as an address with a slash at its end. */
    readonly workers: string;
  }
}

/** Builds the workers as they are in the checkout, once for all files of a suite. */
export default async function shareWorkers(project: TestProject): Promise<() => Promise<void>> {
  const built = await buildEntries({
    'send-worker': 'electron/engine/transfer/send-worker.ts',
    'thumbnail-worker': 'electron/engine/transfer/thumbnail-worker.ts',
    'receive-worker': 'electron/engine/transfer/receive-worker.ts',
    'discovery-worker': 'electron/engine/discovery/worker.ts',
  });
  project.provide('workers', built.directory.href);
  return () => built.remove();
}
