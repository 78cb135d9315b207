import type { Commands, Folder, PageSelection, Selection } from '../../shared/contract.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Item } from '../../shared/model/transfer.ts';
import { DroplineError } from '../../shared/errors.ts';

/** What the engine needs of the system around it that differs by face. */
export interface Shell {
  /** Shows a file or folder in the system's file manager. Path: absolute, from our own records. */
  reveal(path: string): Promise<void>;
}

/** `null` and absent mean: as the settings say. */
export interface EngineOptions {
  /** Holds identity, settings and history. Made where it is missing. */
  readonly home: string;
  /** Directory of the built workers (`out/main/`), as a file: URL. */
  readonly workers: URL;
  readonly shell: Shell;
  /** `tls`: receives. `plain`: receives by the bare exchange only. `none`: sends and looks around. */
  readonly listen: 'tls' | 'plain' | 'none';
  /** An exact port (0: any free one); absent: the port from the settings, else a free one. */
  readonly port?: number | null;
  readonly deviceName?: string | null;
  readonly directory?: string | null;
  readonly accept?: AcceptPolicy | null;
  readonly discovery: boolean;
  /** Name or address of the one interface to use; null: all. */
  readonly interface: string | null;
}

/** Everything a face needs. Commands come from a window; the rest only from the face itself. */
export interface Engine {
  readonly commands: Commands;
  snapshot(): Snapshot;
  /** Calls back with each new snapshot, at most 10 a second, the last always. Returns the way out. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  /** Throws PATH_NOT_FOUND, NO_PERMISSION. */
  stagePaths(paths: readonly string[]): Promise<Selection>;
  openPage(items: readonly Item[], itemCount: number, origin: string): Promise<PageSelection>;
  /** Throws DIRECTORY_UNUSABLE. */
  nameFolder(path: string): Promise<Folder>;
  /** Ends every transfer, withdraws the announcement, closes all ports. */
  stop(): Promise<void>;
}

/**
 * Starts the whole program without a face.
 * Throws HOME_LOCKED, HOME_UNUSABLE, IDENTITY_UNREADABLE, PORT_IN_USE, ADDRESS_UNAVAILABLE,
 * DIRECTORY_UNUSABLE.
 */
export async function start(options: EngineOptions): Promise<Engine> {
  throw new DroplineError('INTERNAL', { home: options.home });
}
