import { tongueOf } from '../../shared/model/language.ts';
import en from '../../shared/text/en.json' with { type: 'json' };
import { createSpeech } from '../../shared/text/speech.ts';
import type { Speech } from '../../shared/text/speech.ts';
import type { ConsoleEngine } from './console-engine.ts';
import { servePage } from './console-page.ts';
import { startServer } from './server.ts';

export interface ConsoleOptions {
  readonly engine: ConsoleEngine;
  /** The built window, as a file: URL with a slash at its end. */
  readonly rendererDirectory: URL;
  /** 0: any free one. */
  readonly port: number;
  /** Other users of this computer may open the link too; absent: only the one who started it. */
  readonly otherUsers?: boolean;
  /** The language of the pages that are shown in place of the window; absent: English. */
  readonly speech?: () => Speech;
  /** Monotonic; absent: the system's. */
  readonly nowMs?: () => number;
}

export interface Console {
  /** To be opened by the person, once: it holds a one-time token. */
  readonly url: string;
  /** The same for the arguments of a program, which others can read: it is good for a minute. */
  readonly openerUrl: string;
  stop(): Promise<void>;
}

/**
 * Shows the engine's window in browsers of this computer. Throws PATH_NOT_FOUND where the window has
 * not been built, PORT_IN_USE, NO_PERMISSION.
 */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  return startServer({
    directory: options.rendererDirectory,
    port: options.port,
    otherUsers: options.otherUsers ?? false,
    speech: options.speech ?? inEnglish,
    ...(options.nowMs && { nowMs: options.nowMs }),
    onPage: (socket, origin) => servePage(options.engine, socket, origin),
  });
}

const inEnglish = (): Speech => createSpeech(tongueOf('en', []), en);
