import type { Engine } from '../engine/engine.ts';

/** What the console needs of an engine; ending it is for whoever started it. */
export type ConsoleEngine = Pick<
  Engine,
  'commands' | 'snapshot' | 'subscribe' | 'openPage' | 'nameFolder'
>;
