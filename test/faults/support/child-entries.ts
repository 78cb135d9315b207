/** The whole engines of child-engines.ts, and where a suite that has built them once says so. */

export const BUILT_CHILDREN = 'DROPLINE_BUILT_CHILDREN';

export const CHILD_ENTRIES: Readonly<Record<string, string>> = {
  'engine-child': 'test/faults/support/engine-child.ts',
  'send-worker': 'test/faults/support/send-worker-under-test.ts',
  'receive-worker': 'test/faults/support/receive-worker-under-test.ts',
  'discovery-worker': 'electron/engine/discovery/worker.ts',
};
