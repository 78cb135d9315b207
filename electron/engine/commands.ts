import { randomBytes } from 'node:crypto';
import type { CommandInput, Commands, Retried } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { Peer } from '../../shared/model/peer.ts';
import { DEFAULT_PORT } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { NOTHING_MET, NO_PROBLEMS, isFinished } from '../../shared/model/transfer.ts';
import {
  canGoOn,
  canPause,
  canTryNow,
  isRetriedWithAll,
} from '../../shared/model/transfer-actions.ts';
import { parseAddress } from './address.ts';
import type { Addressee } from './addressee.ts';
import { addresseeOf } from './addressee.ts';
import { createBlockCommands } from './block-commands.ts';
import { epochMs } from './calendar.ts';
import { createFileCommands } from './file-commands.ts';
import { setFavourite } from './favourites.ts';
import type { Handles } from './handles.ts';
import { createHistoryCommands } from './history-commands.ts';
import type { History } from './history.ts';
import type { Manager } from './manager.ts';
import { Doctor } from './doctor.ts';
import { createKeyCommands } from './key-commands.ts';
import type { KeyStore } from './key-store.ts';
import { createPermissionCommands } from './permission-commands.ts';
import { createPairingCommands } from './pairing-commands.ts';
import { stageAgain } from './send-again.ts';
import type { SentPaths } from './sent-paths.ts';
import { createSettingsCommands } from './settings-commands.ts';
import type { Shell } from './shell.ts';
import type { Store } from './state/store.ts';
import type { Identity } from './transfer/authentication.ts';
import { stageText } from './texts.ts';
import type { Trust } from './trust.ts';
import { createVerifyCommands } from './verify-commands.ts';

export interface CommandsOptions {
  readonly store: Store;
  readonly manager: Manager;
  readonly handles: Handles;
  readonly history: History;
  readonly sent: SentPaths;
  readonly home: string;
  readonly shell: Shell;
  /** How long a cut wire is dialled again before the transfer has failed. */
  readonly retryForMs: number;
  readonly trust: Trust;
  readonly identity: Identity;
  /** This engine is there to be called. */
  readonly listens: boolean;
  /** null: this face reaches none. */
  readonly keyStore: KeyStore | null;
}

/** One function for each thing that a person can ask. */
export function createCommands(options: CommandsOptions): Commands {
  const { store, manager, handles, retryForMs } = options;
  const doctor = new Doctor({ ...options, presence: manager.presence, startedAtMs: epochMs() });
  const sends = new Map<TransferId, CommandInput<'send'>>();

  const send = (input: CommandInput<'send'>): { transferId: TransferId } => {
    const source = handles.selection(input.selectionId);
    const to = addresseeOf(input.to, store);
    if (manager.pairings.isBlocked(to.expectedPeerId)) throw new DroplineError('PEER_BLOCKED');
    const transferId = randomBytes(16).toString('hex') as TransferId;
    sends.set(transferId, input);
    store.apply({ kind: 'transferAdded', transfer: newSend(transferId, input.mode, to) });
    const { places, expectedPeerId } = to;
    const { mode } = input;
    // another program on this home keeps none: the file has one writer
    if (source.kind === 'paths' && mode === 'tls' && options.listens)
      options.sent.add(transferId, source);
    const request = { transferId, mode, source, places, expectedPeerId };
    manager.send({ ...request, resumes: null, retryForMs });
    return { transferId };
  };

  /** It goes on as another one. */
  const replaced = (transferId: TransferId): void => {
    store.apply({ kind: 'transferDismissed', transferId });
    sends.delete(transferId);
  };

  const retry = (transferId: TransferId): { transferId: TransferId } => {
    const before = sends.get(transferId);
    if (!before) throw new DroplineError('SELECTION_GONE');
    const again = send(before);
    replaced(transferId);
    return again;
  };

  /** It is off the list. */
  const forget = (transferId: TransferId): void => {
    sends.delete(transferId);
    manager.checks.stop(transferId);
  };

  return {
    stageText: ({ text }) => stageText(options.home, handles, text),
    send: (input) => answer(() => send(input)),
    answer: ({ transferId, accept, folderId, existing, choice }) =>
      answer(() => {
        transferOf(store, transferId);
        if (!accept) manager.offers.decline(transferId);
        else {
          const folder = folderId && handles.folder(folderId);
          manager.offers.accept(transferId, folder, { existing, choice });
        }
        return null;
      }),
    plan: ({ transferId, folderId, choice }) =>
      answer(() => {
        transferOf(store, transferId);
        manager.offers.plan(transferId, directoryOf(options, folderId), choice);
        return null;
      }),
    cancel: ({ transferId }) =>
      answer(() => {
        manager.tell('cancel', transferOf(store, transferId));
        return null;
      }),
    pause: ({ transferId }) =>
      answer(() => {
        const transfer = transferOf(store, transferId);
        // it may have come further while the person pressed
        if (canPause(transfer)) manager.tell('pause', transfer);
        return null;
      }),
    resume: ({ transferId }) =>
      answer(() => {
        const transfer = transferOf(store, transferId);
        if (canGoOn(transfer) || canTryNow(transfer)) manager.tell('resume', transfer);
        return null;
      }),
    retry: ({ transferId }) => answer(() => retry(transferId)),
    sendAgain: async ({ transferId }) => {
      const again = await stageAgain(options, transferId);
      return send({ ...again, mode: 'tls' });
    },
    retryAll: () => answer(() => ({ retried: retryEach(store, retry) })),
    dismiss: ({ transferId }) =>
      answer(() => {
        if (!isFinished(transferOf(store, transferId))) throw new DroplineError('WRONG_USAGE');
        store.apply({ kind: 'transferDismissed', transferId });
        forget(transferId);
        return null;
      }),
    ...createFileCommands(options, { input: (id) => sends.get(id), send, replaced }),
    ...createHistoryCommands(options, forget),
    ...createVerifyCommands(options),
    ...createBlockCommands(options),
    ...createPairingCommands(options),
    ...createPermissionCommands(options),
    ...createKeyCommands(options),
    examine: (input) => doctor.examine(input),
    addPeer: ({ address }) =>
      answer(() => {
        store.apply({ kind: 'peerAdded', peer: peerAt(address) });
        return null;
      }),
    removePeer: ({ key }) =>
      answer(() => {
        store.apply({ kind: 'peerRemoved', key });
        return null;
      }),
    listOffered: (query) => manager.offers.look(query),
    listPictures: (query) => manager.offers.pictures(query),
    setFavourite: (input) => setFavourite(options, input),
    ...createSettingsCommands(options),
    dismissNotice: ({ id }) =>
      answer(() => {
        store.apply({ kind: 'noticeDismissed', id });
        return null;
      }),
  };
}

/** A command that throws answers with a rejected promise, whether it waits for something or not. */
async function answer<T>(run: () => T): Promise<T> {
  return Promise.resolve(run());
}

/** One that cannot be sent again keeps no other from it; where none can, the first says why. */
function retryEach(
  store: Store,
  retry: (transferId: TransferId) => { transferId: TransferId },
): readonly Retried[] {
  const retried: Retried[] = [];
  const errors: unknown[] = [];
  // the oldest first, so that they stand in the list as they did
  for (const { id } of store.state.transfers.filter(isRetriedWithAll).reverse()) {
    try {
      retried.push({ before: id, after: retry(id).transferId });
    } catch (error) {
      errors.push(error);
    }
  }
  if (retried.length === 0 && errors.length > 0) throw errors[0];
  return retried;
}

function transferOf(store: Store, transferId: TransferId): Transfer {
  const transfer = store.state.transfers.find((t) => t.id === transferId);
  if (!transfer) throw new DroplineError('SELECTION_GONE');
  return transfer;
}

function directoryOf({ store, handles }: CommandsOptions, folderId: string | null): string {
  return folderId === null ? store.state.self.directory : handles.folder(folderId);
}

function peerAt(text: string): Peer {
  const address = parseAddress(text);
  if (!address) throw new DroplineError('NOT_AN_ADDRESS', { address: text });
  const port = address.port ?? DEFAULT_PORT;
  return {
    key: `address:${address.host}:${port}`,
    id: null,
    name: address.host,
    platform: 'other',
    addresses: [address.host],
    port,
    foundBy: 'address',
  };
}

function newSend(id: TransferId, mode: Transfer['mode'], to: Addressee): Transfer {
  const address = to.places[0]?.address ?? '';
  return {
    id,
    direction: 'send',
    mode,
    peer: { id: to.expectedPeerId, name: to.name, address, verified: false },
    items: [],
    itemCount: 0,
    totals: { files: 0, directories: 0, bytes: 0 },
    leftOut: NO_PROBLEMS,
    startedAtMs: Date.now(),
    keptBytes: 0,
    savedAs: null,
    ...NOTHING_MET,
    canRetry: true,
    phase: 'preparing',
  };
}
