import { DroplineError } from '../../shared/errors.ts';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';
import { DECLINE_BACK_OFF_MS } from '../../shared/protocol/limits.ts';
import { followTransfers } from './awake.ts';
import { loadBlocked } from './blocked.ts';
import { epochMs } from './calendar.ts';
import { createCommands } from './commands.ts';
import { findTarget } from './find-target.ts';
import { Handles, usableDirectory } from './handles.ts';
import { openHistory } from './history.ts';
import { lockHome, openHome } from './home.ts';
import { clearLeftKeys, closeToOthers, loadIdentity } from './identity.ts';
import type { KeyStore } from './key-store.ts';
import { openLog } from './log.ts';
import { Manager } from './manager.ts';
import { Outbox } from './outbox.ts';
import { clearPasted, keepPasted } from './pasted.ts';
import type { Pasted } from './pasted.ts';
import { KeptLists, withKept } from './sent-files.ts';
import { SentPaths } from './sent-paths.ts';
import { loadSettings } from './settings.ts';
import type { Shell } from './shell.ts';
import { clearOldTexts } from './texts.ts';
import { initialState } from './state/reduce.ts';
import { Store } from './state/store.ts';
import {
  computerName,
  downloadsDirectory,
  interfaceAddress,
  ownAddresses,
  thisPlatform,
} from './this-device.ts';
import { realClock } from './transfer/ports.ts';
import type { ListenOptions } from './transfer/worker-messages.ts';
import { loadTrust } from './trust.ts';
import type { Settings } from '../../shared/model/settings.ts';
import type { Self } from '../../shared/model/snapshot.ts';
import type { Commands, Folder, PageSelection, Selection } from '../../shared/contract.ts';
import type { Target } from '../../shared/model/peer.ts';
import type { ExistingChoice } from '../../shared/model/plan.ts';
import type { AcceptPolicy, ReachableFrom } from '../../shared/model/settings.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Item } from '../../shared/model/transfer.ts';

export { isOfIdentity, setIdentityAside } from './identity.ts';
export type { KeyStore } from './key-store.ts';
export { languageSetting } from './settings.ts';

/** A router that restarts is back by then; a person still remembers that they were sending. */
const RETRY_FOR_MS = 60_000;

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
  /** What becomes of names that are taken, where no answer says it. */
  readonly existing?: ExistingChoice | null;
  readonly reachableFrom?: ReachableFrom | null;
  /** How long a cut wire is dialled again before the transfer fails; absent: a minute. */
  readonly retryForMs?: number;
  /** How long a device is not heard after its first no; absent: half a minute. */
  readonly declineBackOffMs?: number;
  readonly discovery: boolean;
  /** There is somebody who can compare codes; absent: nobody is. */
  readonly pairs?: boolean;
  /** Where the system keeps secrets; absent: the key is in a file that its owner reads. */
  readonly keyStore?: KeyStore;
  /** Name or address of the one interface to use; null: as the settings say. */
  readonly interface: string | null;
}

/** Everything a face needs. Commands come from a window; the rest only from the face itself. */
export interface Engine {
  readonly commands: Commands;
  snapshot(): Snapshot;
  /**
   * Calls back with each new snapshot, at most 10 a second and 10 more for what has ended, the last always.
   * Returns the way out.
   */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  /** Throws PATH_NOT_FOUND, NO_PERMISSION. */
  stagePaths(paths: readonly string[]): Promise<Selection>;
  /**
   * Stages what was pasted: paths, and what lies nowhere on a disk. Throws as `stagePaths` does, and
   * NAME_REFUSED.
   */
  stagePasted(paths: readonly string[], things: readonly Pasted[]): Promise<Selection>;
  openPage(items: readonly Item[], itemCount: number, origin: string): Promise<PageSelection>;
  /** What a person means by a name or an address. Throws PEER_NOT_FOUND, PEER_AMBIGUOUS. */
  findTarget(text: string, waitMs: number): Promise<Target>;
  /** A pairing has begun that has no code yet, and so may not be shown. */
  awaitsCode(): boolean;
  /** Throws DIRECTORY_UNUSABLE, NO_PERMISSION. */
  nameFolder(path: string): Promise<Folder>;
  /** Ends every transfer, withdraws the announcement, closes all ports. */
  stop(): Promise<void>;
}

/**
 * Starts the whole program without a face.
 * Throws HOME_LOCKED, HOME_UNUSABLE, IDENTITY_UNREADABLE, KEY_STORE_CLOSED, KEY_IN_STORE, PORT_IN_USE,
 * ADDRESS_UNAVAILABLE, DIRECTORY_UNUSABLE, NO_PERMISSION.
 */
export async function start(options: EngineOptions): Promise<Engine> {
  const home = await openHome(options.home);
  const unlock = options.listen === 'none' ? null : await lockHome(home);
  try {
    const parts = await assemble(options, home);
    return {
      ...parts,
      stop: once(async () => {
        await parts.stop();
        await unlock?.();
      }),
    };
  } catch (error) {
    await unlock?.();
    throw error;
  }
}

async function assemble(options: EngineOptions, home: string): Promise<Engine> {
  const { settings, problems, blocked, identity, trust, history, sent } = await readHome(
    home,
    options.keyStore ?? null,
  );
  const wanted = options.directory ?? settings.directory ?? (await downloadsDirectory());
  const directory = options.listen === 'none' ? wanted : await usableDirectory(wanted);
  const name = cleanDeviceName(options.deviceName ?? settings.deviceName ?? computerName());
  const self: Self = {
    id: identity.peerId,
    name,
    platform: thisPlatform,
    host: null,
    port: null,
    addresses: options.interface === null ? ownAddresses() : [interfaceAddress(options.interface)],
    directory,
    discovery: options.discovery ? 'on' : 'off',
    keyKept: await closeToOthers(home),
    isNew: !settings.isWelcomed && (options.deviceName ?? options.directory ?? null) === null,
    hasKeyStore: options.keyStore?.isUsable ?? false,
  };
  const log = openLog(home);
  const shown = await withKept(home, history.latest);
  const lists = await KeptLists.in(home);
  const store = new Store(initialState(self, settings, shown, trust.devices), realClock);
  store.apply({ kind: 'blocked', blocked });
  for (const problem of problems) store.apply({ kind: 'noticed', failure: problem });
  const outbox =
    options.listen === 'tls'
      ? await Outbox.open(home, (error) => {
          log.warn(`outbox: ${String(error)}`);
        })
      : null;
  const manager = new Manager({
    store,
    trust,
    history,
    log,
    identity,
    workers: options.workers,
    home,
    outbox,
    hasFileList: (transferId) => lists.has(transferId),
    accept: () => options.accept ?? store.state.settings.accept,
    existing: () => options.existing ?? store.state.settings.existing,
    reachableFrom: () => options.reachableFrom ?? store.state.settings.reachableFrom,
    listen: options.listen === 'none' ? null : listenOptions(options, settings),
    discovery: options.discovery,
    fixedInterface: options.interface,
    declineBackOffMs: options.declineBackOffMs ?? DECLINE_BACK_OFF_MS,
    pairs: options.pairs ?? false,
  });
  const handles = new Handles();
  try {
    await manager.start();
  } catch (error) {
    await manager.stop();
    throw error;
  }
  if (options.listen !== 'none') {
    void clearPasted(home, epochMs());
    void clearLeftKeys(home, epochMs());
    void clearOldTexts(home);
  }
  const letSleep = followTransfers(store, options.shell);
  return {
    commands: createCommands({
      store,
      manager,
      handles,
      history,
      sent,
      home,
      shell: options.shell,
      trust,
      identity,
      keyStore: options.keyStore ?? null,
      listens: options.listen !== 'none',
      retryForMs: options.retryForMs ?? RETRY_FOR_MS,
    }),
    snapshot: () => store.snapshot,
    subscribe: (listener) => store.subscribe(listener),
    stagePaths: (paths) => handles.stagePaths(paths),
    stagePasted: async (paths, things) =>
      handles.stagePaths([...paths, ...(await keepPasted(home, things))]),
    openPage: async (items, itemCount, origin) =>
      handles.stagePage(items, itemCount, await manager.threads.startedSend().openPage(origin)),
    findTarget: (text, waitMs) => findTarget(text, { store, waitMs, discovery: options.discovery }),
    awaitsCode: () => manager.pairings.awaitsCode,
    nameFolder: (path) => handles.nameFolder(path),
    stop: async () => {
      try {
        await manager.stop();
        await sent.settled();
      } finally {
        letSleep();
        store.stop();
        // whoever stops it may end the process with it
        await log.settled();
      }
    },
  };
}

/** Throws HOME_UNUSABLE, IDENTITY_UNREADABLE, KEY_STORE_CLOSED, KEY_IN_STORE. */
async function readHome(home: string, keyStore: KeyStore | null) {
  try {
    const [settings, blocked, identity, trust, history, sent] = await Promise.all([
      loadSettings(home),
      loadBlocked(home),
      loadIdentity(home, keyStore),
      loadTrust(home),
      openHistory(home),
      SentPaths.open(home),
    ]);
    const problems = [settings.problem, blocked.problem].filter((problem) => problem !== null);
    return { ...settings, ...blocked, problems, identity, trust, history, sent };
  } catch (cause) {
    if (cause instanceof DroplineError) throw cause;
    throw new DroplineError('HOME_UNUSABLE', { path: home }, { cause });
  }
}

function listenOptions(options: EngineOptions, settings: Settings): ListenOptions {
  const exact = options.port ?? null;
  return {
    mode: options.listen === 'plain' ? 'plain' : 'tls',
    host: options.interface === null ? null : interfaceAddress(options.interface),
    port: exact ?? settings.port,
    otherPortIfTaken: exact === null,
  };
}

/** Stopping twice is stopping once. */
function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= run());
}
