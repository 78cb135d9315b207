import type { Failure } from '../errors.ts';
import type { Check } from './check.ts';
import type { Content } from './content.ts';
import type { Item } from './item.ts';
import type { LimitedBy } from './limit.ts';
import type { Unwanted } from './unwanted.ts';
import type { PeerId } from './peer.ts';
import type { Pictures } from './pictures.ts';
import type { Plan } from './plan.ts';
import type { Problems } from './problems.ts';

export type { Item } from './item.ts';
export type { Problem, Problems } from './problems.ts';
export { MAX_PROBLEM_EXAMPLES, NO_PROBLEMS } from './problems.ts';

declare const brand: unique symbol;

/** 32 lower-case hex digits, made by the sender at random. */
export type TransferId = string & { readonly [brand]: 'TransferId' };

const TRANSFER_ID = /^[0-9a-f]{32}$/;

export function isTransferId(value: string): value is TransferId {
  return TRANSFER_ID.test(value);
}

/** `tls`: encrypted, authenticated, verified. `plain`: the bare exchange, none of these. */
export type TransferMode = 'tls' | 'plain';

export interface Totals {
  readonly files: number;
  readonly directories: number;
  readonly bytes: number;
}

/**
 * The other end of a transfer. The name is the saved one where it is verified, else what it calls itself: a
 * hint, shown as such.
 */
export interface TransferPeer {
  readonly id: PeerId | null;
  readonly name: string;
  readonly address: string;
  /** True only where the person has confirmed this identity. */
  readonly verified: boolean;
  /** The paired device that it is not, although it is called so. Absent: none. */
  readonly calledLike?: PeerId;
}

/** Whose person lets a transfer stand still. */
export type PausedBy = 'us' | 'peer' | 'both';

/** Where a transfer is. `bytes` counts payload that the receiver has written. */
export type TransferPhase =
  | { readonly phase: 'preparing' }
  | { readonly phase: 'connecting' }
  | { readonly phase: 'waiting' }
  /** `plan`: null until it is known, and where it cannot be. `pictures`: absent where there are none. */
  | { readonly phase: 'offered'; readonly plan: Plan | null; readonly pictures?: Pictures }
  | {
      readonly phase: 'transferring';
      readonly bytes: number;
      readonly files: number;
      readonly bytesPerSecond: number;
      readonly remainingMs: number | null;
      /** How fast it went until now, in a few evenly spaced points; absent: nothing is known yet. */
      readonly course?: readonly number[];
      /** null: it is not known, or nothing stands out. */
      readonly limitedBy: LimitedBy | null;
    }
  | {
      readonly phase: 'paused';
      readonly bytes: number;
      readonly files: number;
      readonly by: PausedBy;
    }
  | { readonly phase: 'finishing' }
  | { readonly phase: 'interrupted'; readonly bytes: number; readonly failure: Failure }
  | {
      readonly phase: 'delivered';
      readonly finishedAtMs: number;
      /** `alg:hex`; null where nothing was hashed. */
      readonly hash: string | null;
      readonly verified: boolean;
      /** Payload put on the wire in this run. */
      readonly sentBytes: number;
      /** What did not make it although the rest did. */
      readonly failed: Problems;
      /** What `verify` compares with is kept here. */
      readonly hasReceipt: boolean;
      /** The last time it was verified again, or that it is just now; null: never. */
      readonly check: Check | null;
    }
  | { readonly phase: 'declined'; readonly finishedAtMs: number }
  | {
      readonly phase: 'cancelled';
      readonly finishedAtMs: number;
      readonly by: 'us' | 'peer';
    }
  | { readonly phase: 'failed'; readonly finishedAtMs: number; readonly failure: Failure };

export type Transfer = TransferPhase & {
  readonly id: TransferId;
  readonly direction: 'send' | 'receive';
  readonly mode: TransferMode;
  readonly peer: TransferPeer;
  /** The first few of what was chosen; `itemCount` says how many there are. */
  readonly items: readonly Item[];
  readonly itemCount: number;
  /** Its one file is a text or a link, as its sender says. Absent: files. */
  readonly content?: Content | undefined;
  /** Of what is wanted. */
  readonly totals: Totals;
  /** What the receiver's person did not choose of the offer. Absent: nothing. */
  readonly unwanted?: Unwanted | undefined;
  /** What the sender left out of its selection (links, special files). */
  readonly leftOut: Problems;
  readonly startedAtMs: number;
  /** What was there already from an earlier connection when this one began. */
  readonly keptBytes: number;
  /** Received: the absolute path of the first thing saved; null until it is there. */
  readonly savedAs: string | null;
  /** Received: files that took the place of others, which are kept until the history is cleared. */
  readonly replacedCount: number;
  /** Received: files that were there already, and were not sent. */
  readonly identicalCount: number;
  /** What was replaced is back. */
  readonly undone: boolean;
  /** `retry` can send the same selection again. */
  readonly canRetry: boolean;
  /** Sent: what became of each file can be listed. Absent: it cannot. */
  readonly hasFileList?: boolean;
};

/** Of all that is offered, wanted or not, until it has ended. */
export function offeredTotals({ totals, unwanted }: Pick<Transfer, 'totals' | 'unwanted'>): Totals {
  const { files, directories, bytes } = totals;
  return {
    files: files + (unwanted?.files ?? 0),
    directories: directories + (unwanted?.directories ?? 0),
    bytes: bytes + (unwanted?.bytes ?? 0),
  };
}

/** How many files of the offer are wanted. What has failed of them was, too. */
export function someOfAll(transfer: Transfer): { readonly some: number; readonly all: number } {
  const failed = transfer.phase === 'delivered' ? transfer.failed.count : 0;
  const some = transfer.totals.files + failed;
  return { some, all: some + (transfer.unwanted?.files ?? 0) };
}

/** Of a transfer that has met nothing of what is there. */
export const NOTHING_MET = { replacedCount: 0, identicalCount: 0, undone: false } as const;

export const MAX_ITEMS_SHOWN = 20;

export type PhaseName = TransferPhase['phase'];

const FINISHED: ReadonlySet<PhaseName> = new Set(['delivered', 'declined', 'cancelled', 'failed']);

/** Nothing more will happen to it by itself. */
export function isFinished(transfer: Pick<Transfer, 'phase'>): boolean {
  return FINISHED.has(transfer.phase);
}
