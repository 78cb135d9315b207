/** What a transfer waits for most, and so what would have to be quicker: as it is told to people. */
export type LimitedBy =
  'ourDisk' | 'theirDisk' | 'ourComputer' | 'theirComputer' | 'network' | 'ourSetting';

/** Why a receiver takes no more than it does, as it tells the sender. null: it waits for what comes. */
export type HoldUp = 'disk' | 'computer' | null;

/** How a side has spent its time of late; shares of 1. */
export interface Effort {
  /** In calls to its disk, and waiting for it. */
  readonly disk: number;
  /** For the other side to take what is sent. */
  readonly waiting: number;
  /** Of the thread: not asleep. */
  readonly busy: number;
}

const HALF = 0.5;
/** A thread that is never quite asleep has no more to give. */
const NEARLY_ALL = 0.85;

export function holdUpOf({ disk, busy }: Effort): HoldUp {
  if (disk >= HALF) return 'disk';
  return busy >= NEARLY_ALL ? 'computer' : null;
}

/** `peer`: what the other side says of itself. null: nothing stands out. */
export function limitOf(own: Effort, peer: HoldUp): LimitedBy | null {
  if (own.disk >= HALF) return 'ourDisk';
  if (own.waiting < HALF && own.busy >= NEARLY_ALL) return 'ourComputer';
  // it takes no more, though this side has time to spare: not much, where both are nearly as quick
  if (peer !== null) return peer === 'disk' ? 'theirDisk' : 'theirComputer';
  return own.waiting >= HALF ? 'network' : null;
}
