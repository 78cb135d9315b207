import type { EngineOptions } from '../../../electron/engine/engine.ts';
import { start } from '../../../electron/engine/engine.ts';

import type { Failure } from '../../../shared/errors.ts';
import { toFailure } from '../../../shared/errors.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { NO_SHELL } from '../../support/no-shell.ts';
import { followCalendar } from './wrong-calendar.ts';

/** A whole engine as a process of its own, which a test may kill; what it says and what it hears. */

export type ChildEngineOptions = Omit<EngineOptions, 'workers' | 'shell'>;

export type ToEngineChild =
  | { readonly kind: 'stage'; readonly id: number; readonly paths: readonly string[] }
  | {
      readonly kind: 'command';
      readonly id: number;
      readonly name: string;
      readonly input: unknown;
    }
  | { readonly kind: 'stop' };

export type FromEngineChild =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly rssBytes: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly failure: Failure }
  /** It cannot start. */
  | { readonly kind: 'broken'; readonly failure: Failure };

/** Memory is told this often even where nothing else happens. */
const TELL_EVERY_MS = 100;

function say(message: FromEngineChild): void {
  process.send?.(message);
}

async function main(options: ChildEngineOptions): Promise<void> {
  followCalendar();
  const engine = await start({
    ...options,
    workers: new URL('./', import.meta.url),
    shell: NO_SHELL,
  });
  const tell = (snapshot: Snapshot): void => {
    say({ kind: 'snapshot', snapshot, rssBytes: process.memoryUsage.rss() });
  };
  const run = async (message: ToEngineChild): Promise<unknown> => {
    if (message.kind === 'stage') return engine.stagePaths(message.paths);
    if (message.kind === 'stop') return engine.stop();
    const commands = engine.commands as Record<string, (input: unknown) => Promise<unknown>>;
    return commands[message.name]?.(message.input);
  };
  process.on('message', (message: ToEngineChild) => {
    const id = message.kind === 'stop' ? -1 : message.id;
    run(message).then(
      (value) => {
        if (message.kind === 'stop') process.exit();
        say({ kind: 'answer', id, value });
      },
      (error: unknown) => say({ kind: 'refused', id, failure: toFailure(error) }),
    );
  });
  // whoever started us is gone: so are we
  process.on('disconnect', () => process.exit());
  engine.subscribe(tell);
  tell(engine.snapshot());
  setInterval(() => tell(engine.snapshot()), TELL_EVERY_MS);
}

main(JSON.parse(process.argv[2] ?? '{}') as ChildEngineOptions).catch((error: unknown) => {
  say({ kind: 'broken', failure: toFailure(error) });
  process.disconnect();
});
