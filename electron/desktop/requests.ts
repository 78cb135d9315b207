import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Answer, CommandName, Commands, Folder, Selection } from '../../shared/contract.ts';
import { commandSchemas } from '../../shared/contract.ts';
import { DroplineError, failure, toFailure } from '../../shared/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { Sender } from './policy.ts';
import { isTrustedSender } from './policy.ts';
import type { SnapshotFeed } from './snapshot-feed.ts';

/** What the preload may ask of the main process: one schema and one answer for each channel. */

/** A drop or a pick of more than this is a mistake or an attack: a person chooses folders instead. */
const MAX_STAGED_PATHS = 10_000;

const commandNames = Object.keys(commandSchemas) as [CommandName, ...CommandName[]];
const absolutePath = z.string().min(1).max(32_768).refine(isAbsolute).refine(hasNoNul);
/** More is a file, and lies on the disk. */
const MAX_PASTED_BYTES = 64 * 1024 * 1024;
const pasted = z.instanceof(Uint8Array).refine(({ byteLength }) => byteLength <= MAX_PASTED_BYTES);

export const requestSchemas = {
  'dropline:call': z.object({ name: z.enum(commandNames), input: z.unknown() }).strict(),
  /** Paths of dropped files, as the preload was told them by the system. The page never sees one. */
  'dropline:stage': z.array(absolutePath).min(1).max(MAX_STAGED_PATHS),
  'dropline:stage-pasted': z
    .object({
      paths: z.array(absolutePath).max(MAX_STAGED_PATHS),
      things: z.array(z.object({ name: z.string().min(1).max(255), bytes: pasted })).max(20),
    })
    .strict(),
  'dropline:pick': z.enum(['files', 'folder']),
  'dropline:choose-folder': z.null(),
  /** A page has loaded: it wants the latest snapshot, and each that follows. */
  'dropline:watch': z.null(),
  /** The page has drawn the last snapshot and can take the next. */
  'dropline:seen': z.null(),
} as const;

export type Channel = keyof typeof requestSchemas;
export const CHANNELS = Object.keys(requestSchemas) as readonly Channel[];

type Request<C extends Channel> = z.infer<(typeof requestSchemas)[C]>;

export type Handlers = {
  readonly [C in Channel]: (request: Request<C>) => Promise<unknown>;
};

/** The system's own dialogs; an empty list or null says that the person closed it. */
export interface Pickers {
  pick(kind: 'files' | 'folder'): Promise<readonly string[]>;
  chooseFolder(): Promise<string | null>;
}

export function createHandlers(
  engine: Pick<Engine, 'commands' | 'stagePaths' | 'stagePasted' | 'nameFolder'>,
  pickers: Pickers,
  feed: Pick<SnapshotFeed, 'watch' | 'seen'>,
): Handlers {
  return {
    'dropline:call': ({ name, input }) => runCommand(engine.commands, name, input),
    'dropline:stage': (paths) => engine.stagePaths(paths),
    'dropline:stage-pasted': ({ paths, things }) => engine.stagePasted(paths, things),
    'dropline:pick': async (kind): Promise<Selection | null> => {
      const paths = await pickers.pick(kind);
      return paths.length === 0 ? null : engine.stagePaths(paths);
    },
    'dropline:choose-folder': async (): Promise<Folder | null> => {
      const path = await pickers.chooseFolder();
      return path === null ? null : engine.nameFolder(path);
    },
    'dropline:watch': () => Promise.resolve(feed.watch()),
    'dropline:seen': () => Promise.resolve(feed.seen()),
  };
}

/** The frame that asks, and the main frame of our window; null: there is none any more. */
export interface Frames {
  readonly sender: Sender | null;
  readonly mainFrame: Sender | null;
}

/** What any other frame asks reaches nobody. Never rejects. */
export function answerFrame(
  { sender, mainFrame }: Frames,
  handlers: Handlers,
  channel: Channel,
  input: unknown,
): Promise<Answer<unknown>> {
  if (!isTrustedSender(sender, mainFrame)) {
    return Promise.resolve({ ok: false, failure: failure('WRONG_USAGE', { channel }) });
  }
  return answer(handlers, channel, input);
}

/** Never throws: what goes wrong crosses as a Failure, since Electron would keep only its message. */
export async function answer(
  handlers: Handlers,
  channel: Channel,
  input: unknown,
): Promise<Answer<unknown>> {
  const request = requestSchemas[channel].safeParse(input);
  if (!request.success) return { ok: false, failure: failure('WRONG_USAGE', { channel }) };
  try {
    // The schema of the channel has just shown that this is its own kind of request.
    const handler = handlers[channel] as (request: unknown) => Promise<unknown>;
    return { ok: true, value: (await handler(request.data)) ?? null };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

function runCommand(commands: Commands, name: CommandName, input: unknown): Promise<unknown> {
  const checked = commandSchemas[name].safeParse(input);
  if (!checked.success) throw new DroplineError('WRONG_USAGE', { command: name });
  // As above: this command's own schema has let its input through.
  const command = commands[name] as (input: unknown) => Promise<unknown>;
  return command(checked.data);
}

function hasNoNul(path: string): boolean {
  return !path.includes('\0');
}
