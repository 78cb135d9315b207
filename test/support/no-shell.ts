import type { Shell } from '../../electron/engine/shell.ts';

/** The system around an engine that a test does not look at. */
export const NO_SHELL: Shell = {
  reveal: () => Promise.resolve(),
  openLink: () => Promise.resolve(),
  keepAwake: () => () => undefined,
};
