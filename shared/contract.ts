import { z } from 'zod';
import type { Failure } from './errors.ts';
import { choiceSchema } from './model/choice.ts';
import type { Content } from './model/content.ts';
import { MAX_HREF_UNITS, MAX_TEXT_BYTES } from './model/content.ts';
import type { Finding } from './model/diagnosis.ts';
import type { FilePage } from './model/file-list.ts';
import { FILE_FILTERS, MAX_FILES_A_PAGE } from './model/file-list.ts';
import type { HistoryPage } from './model/history-page.ts';
import type { NetworkId } from './model/network.ts';
import { isNetworkId } from './model/network.ts';
import type { OfferedPage } from './model/offered.ts';
import { offeredQuerySchema, picturesQuerySchema } from './model/offered.ts';
import type { PairingId } from './model/pairing.ts';
import { PAIRING_ANSWERS, isPairingId } from './model/pairing.ts';
import type { PeerId } from './model/peer.ts';
import { isPeerId } from './model/peer.ts';
import type { OfferedPicture } from './model/pictures.ts';
import { existingChoicesSchema } from './model/plan.ts';
import { settingsPatchSchema } from './model/settings.ts';
import type { Snapshot } from './model/snapshot.ts';
import type { Item, TransferId } from './model/transfer.ts';
import { isTransferId } from './model/transfer.ts';

/**
 * The whole of what a window may say to the engine, and hear from it. A command is checked against its
 * schema on both sides of every boundary. No command takes a path: files and folders are named by ids
 * that the face hands out for what a person dropped or picked.
 */

const transferId = z.custom<TransferId>((v) => typeof v === 'string' && isTransferId(v));
const peerId = z.custom<PeerId>((v) => typeof v === 'string' && isPeerId(v));
const pairingId = z.custom<PairingId>((v) => typeof v === 'string' && isPairingId(v));
const networkId = z.custom<NetworkId>((v) => typeof v === 'string' && isNetworkId(v));
/** Names a selection that was staged, or a folder that was picked, through the face. */
const handle = z.string().regex(/^[0-9a-f]{32}$/);

const target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('peer'), key: z.string().min(1).max(512) }),
  z.object({
    kind: z.literal('address'),
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65535).nullable(),
    expectedPeerId: peerId.nullable(),
  }),
]);

export const commandSchemas = {
  /** Makes a text, or a link, a selection that can be sent. Throws NOTHING_TO_SEND, TEXT_TOO_LONG. */
  stageText: z.object({ text: z.string().max(MAX_TEXT_BYTES) }),
  /** Sends a staged selection. Answers with the transfer's id at once; the rest is in the snapshot. */
  send: z.object({ selectionId: handle, to: target, mode: z.enum(['tls', 'plain']) }),
  /**
   * Answers an offer. `folderId` null: the folder from the settings. `existing`: what becomes of names
   * that are taken; absent: what the settings say. `choice`: absent: all of it is wanted; none of it is a no.
   */
  answer: z.object({
    transferId,
    accept: z.boolean(),
    folderId: handle.nullable(),
    existing: existingChoicesSchema.optional(),
    choice: choiceSchema.optional(),
  }),
  /** Looks at what accepting an offer would do to that folder; the snapshot has it as its plan then. */
  plan: z.object({ transferId, folderId: handle.nullable(), choice: choiceSchema.optional() }),
  /** Looks into a folder of an offer, or at its top. Throws SELECTION_GONE where it waits no more. */
  listOffered: offeredQuerySchema.extend({ transferId }),
  /**
   * Small pictures of what an offer holds, those that have come. The sender is asked for them by the first
   * question. Of a device that is not paired there are none unless a person has asked. Throws SELECTION_GONE.
   */
  listPictures: picturesQuerySchema.extend({ transferId }),
  cancel: z.object({ transferId }),
  /** Lets it stand still until `resume`, over cut wires too. The other side is told. */
  pause: z.object({ transferId }),
  /** Lets go on what this side has paused; what waits before it dials again dials now. */
  resume: z.object({ transferId }),
  /** Sends again what failed, was declined or cancelled, to the same peer. */
  retry: z.object({ transferId }),
  /** Sends again what the history tells of, as it is now. Throws SELECTION_GONE, PATH_NOT_FOUND. */
  sendAgain: z.object({ transferId }),
  /**
   * Offers those files by themselves that did not make it although the rest did. Throws SELECTION_GONE,
   * NO_FILE_LIST where nothing tells which they are.
   */
  retryFailed: z.object({ transferId }),
  /** Sends again everything that failed. */
  retryAll: z.object({}),
  /** Takes a finished transfer off the list. */
  dismiss: z.object({ transferId }),
  /**
   * Puts back what a finished transfer replaced; what it brought gets a number. Answers when it is done,
   * and throws NOTHING_TO_UNDO where nothing is kept any more.
   */
  undo: z.object({ transferId }),
  /** Opens the system's file manager at what was received. */
  reveal: z.object({ transferId }),
  /** The text that was received. Throws PATH_NOT_FOUND where it is gone. */
  readText: z.object({ transferId }),
  /**
   * Opens the link that was received in the person's browser: asked for, and confirmed, by a person.
   * `href`: what they were shown. Throws FILE_CHANGED_SINCE where it is another one by now.
   */
  openLink: z.object({ transferId, href: z.string().max(MAX_HREF_UNITS) }),
  /** Hashes what was received again, and compares it with its receipt: the snapshot tells the rest. */
  verify: z.object({ transferId }),
  stopVerify: z.object({ transferId }),
  /** Lists a device by its address: `host`, `host:port` or `[ipv6]:port`. */
  addPeer: z.object({ address: z.string().min(1).max(300) }),
  removePeer: z.object({ key: z.string().min(1).max(512) }),
  /** Lists a device before the others, or no longer. */
  setFavourite: z.object({ peerId, favourite: z.boolean() }),
  /**
   * Declines whatever that device offers, now and from now on. One that is paired stays blocked when the
   * program is started again, another one only where `remember` says so.
   */
  block: z.object({ peerId, remember: z.boolean() }),
  unblock: z.object({ peerId }),
  /** Lets a listed device show a code, to be compared with the one that is shown here. */
  pair: z.object({ key: z.string().min(1).max(512) }),
  /** What the person says of a code. Throws PAIRING_UNFINISHED where it is not shown any more. */
  answerPairing: z.object({ pairingId, answer: z.enum(PAIRING_ANSWERS) }),
  /** A paired device becomes a stranger again. */
  forget: z.object({ peerId }),
  /** What a paired device may send without being asked about; null: it is asked about each time. */
  setAccept: z.object({
    peerId,
    accept: z.object({ maxBytes: z.int().min(0).nullable() }).nullable(),
  }),
  /** Where that goes; null: the folder of the settings. */
  setAcceptFolder: z.object({ peerId, folderId: handle.nullable() }),
  /** Only over a trusted network is anything accepted without asking. */
  trustNetwork: z.object({ networkId, trusted: z.boolean() }),
  /** Where the device's key is kept. Throws KEY_STORE_CLOSED. */
  keepKey: z.object({ place: z.enum(['store', 'file']) }),
  setSettings: settingsPatchSchema,
  /** Shows the folder that received files go to in the system's file manager. */
  revealFolder: z.object({}),
  /** Shows the log there. */
  revealLog: z.object({}),
  /** Makes a picked folder the one that received files go to. */
  setDirectory: z.object({ folderId: handle }),
  /** Looks through what has ended, in this run and before it. Each word must occur somewhere. */
  searchHistory: z.object({
    text: z.string().max(200),
    direction: z.enum(['all', 'send', 'receive']),
    from: z.int().min(0).max(1_000_000),
    count: z.int().min(1).max(100),
  }),
  /** Looks through the files of a transfer. Throws NO_FILE_LIST where nothing tells of them. */
  listFiles: z.object({
    transferId,
    text: z.string().max(200),
    filter: z.enum(FILE_FILTERS),
    from: z.int().min(0).max(1_000_000),
    count: z.int().min(1).max(MAX_FILES_A_PAGE),
  }),
  /** Opens the system's file manager at one file of a transfer. `file`: its place among all of them. */
  revealFile: z.object({ transferId, file: z.int().min(0).max(1_000_000) }),
  /** Forgets all that has ended, and removes what was replaced. What was received stays where it is. */
  clearHistory: z.object({}),
  /** Looks at how this device and the network get on; `address`: and whether that one is reached. */
  examine: z.object({ address: z.string().min(1).max(300).nullable() }),
  dismissNotice: z.object({ id: z.string().min(1).max(64) }),
} as const;

export type CommandName = keyof typeof commandSchemas;
export type CommandInput<C extends CommandName> = z.infer<(typeof commandSchemas)[C]>;

/** A transfer that goes on as another one. */
export interface Retried {
  readonly before: TransferId;
  readonly after: TransferId;
}

interface CommandOutputs {
  readonly stageText: Selection;
  readonly readText: { readonly text: string };
  readonly send: { readonly transferId: TransferId };
  readonly pair: { readonly pairingId: PairingId };
  readonly searchHistory: HistoryPage;
  readonly listFiles: FilePage;
  readonly listOffered: OfferedPage;
  readonly listPictures: readonly OfferedPicture[];
  readonly examine: readonly Finding[];
  readonly retry: { readonly transferId: TransferId };
  readonly retryFailed: { readonly transferId: TransferId };
  readonly sendAgain: { readonly transferId: TransferId };
  readonly retryAll: { readonly retried: readonly Retried[] };
}

export type CommandOutput<C extends CommandName> = C extends keyof CommandOutputs
  ? CommandOutputs[C]
  : null;

/** The engine's side: a command either answers or throws a DroplineError. */
export type Commands = {
  readonly [C in CommandName]: (input: CommandInput<C>) => Promise<CommandOutput<C>>;
};

/** How a command's answer crosses a boundary: never as an exception. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What was dropped or picked, waiting to be sent. Sizes are known only after a scan. */
export interface Selection {
  readonly selectionId: string;
  readonly items: readonly Item[];
  readonly itemCount: number;
  /** It is a text or a link. Absent: files. */
  readonly content?: Content;
}

/** A folder that was picked, by an id that stands for its path. */
export interface Folder {
  readonly folderId: string;
  readonly path: string;
}

/** One entry of a selection that lives in a browser page: the page keeps the File under `index`. */
export const pageEntrySchema = z.object({
  path: z.array(z.string().min(1).max(1024)).min(1).max(64),
  kind: z.enum(['file', 'directory']),
  bytes: z.int().min(0),
  modifiedMs: z.number().nullable(),
});
export type PageEntry = z.infer<typeof pageEntrySchema>;

/** Where the page's second socket goes (docs: PageSource), and the one-time ticket that lets it in. */
export interface PageTicket {
  readonly url: string;
  readonly ticket: string;
}

/** What the page is told when it offers files of its own: the selection, and where to serve it. */
export interface PageSelection extends Selection, PageTicket {}

/** What the system around the desktop window asks of it: by a menu, the dock, or another start. */
export type Asked =
  | { readonly kind: 'staged'; readonly selection: Selection }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'place'; readonly place: 'home' | 'history' | 'settings' };

/**
 * What preload puts on `window.dropline`. F is the DOM's File, which shared/ does not know. The desktop
 * resolves dropped files to paths itself: a page-made File without a path is refused.
 */
export interface DesktopApi<F> {
  readonly face: 'desktop';
  call<C extends CommandName>(name: C, input: CommandInput<C>): Promise<Answer<CommandOutput<C>>>;
  /** Calls back at once with the latest snapshot, then with each new one. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  stageFiles(files: readonly F[]): Promise<Answer<Selection>>;
  /** Of what was pasted, a text or a picture lies nowhere on the disk: its bytes are taken along. */
  stagePasted(files: readonly F[]): Promise<Answer<Selection>>;
  /** null: the person closed the dialog. */
  pick(kind: 'files' | 'folder'): Promise<Answer<Selection | null>>;
  chooseFolder(): Promise<Answer<Folder | null>>;
  /** Calls back with each, also with those that came before. Returns the way out. */
  onAsked(listener: (asked: Asked) => void): () => void;
}

/** Console, page to engine, as JSON text over its one WebSocket. Each gets one `answer` with its id. */
export const consoleRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id: z.int().min(0),
    name: z.string().max(64),
    input: z.unknown(),
  }),
  /** Makes a selection that the page will serve; answered with a PageSelection. */
  z.object({
    kind: z.literal('openPage'),
    id: z.int().min(0),
    items: z
      .array(z.object({ name: z.string().max(1024), kind: z.enum(['file', 'folder']) }))
      .max(20),
    itemCount: z.int().min(1),
  }),
  /** A browser has no folder dialog: the person types the path. Answered with a Folder. */
  z.object({
    kind: z.literal('nameFolder'),
    id: z.int().min(0),
    path: z.string().min(1).max(4096),
  }),
]);
export type ConsoleRequest = z.infer<typeof consoleRequestSchema>;

/** Console, engine to page. */
export type ConsoleEvent =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> };
