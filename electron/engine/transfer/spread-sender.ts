import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import type { Range } from './missing-ranges.ts';
import type { SpreadFile } from './send-lane.ts';
import type { SendLanes } from './send-lanes.ts';

export interface SpreadSenderOptions {
  readonly lanes: SendLanes;
  readonly standsStill: () => boolean;
  /** Resolves when it is false, or all is stopped. */
  readonly waitWhile: (mustWait: () => boolean) => Promise<void>;
  /** By the session: not acknowledged yet. */
  readonly ownUnackedBytes: () => number;
  /** By the session itself. Throws what the source does. */
  readonly sendBySession: (block: Range) => Promise<void>;
}

/** By the session while a lane may come: the last of it holds up all, if the lanes are quicker. */
const MAX_OWN_BYTES = 2 * BLOCK_BYTES;

/**
 * Sends a file block by block, by whichever lane has room; by the session as long as there is none. Answers
 * when the receiver has every block. Throws what the source does, when nothing is under way any more.
 */
export async function sendSpread(
  file: SpreadFile,
  ranges: Iterable<Range>,
  options: SpreadSenderOptions,
): Promise<void> {
  const { lanes } = options;
  lanes.busy = true;
  try {
    await sendBlocks(file, blocksOf(ranges), options);
  } catch (error) {
    await options.waitWhile(() => {
      lanes.forgetGivenBack();
      return lanes.unfinished > 0;
    });
    throw error;
  } finally {
    lanes.busy = false;
  }
}

async function sendBlocks(
  file: SpreadFile,
  todo: Iterator<Range, undefined>,
  options: SpreadSenderOptions,
): Promise<void> {
  const { lanes, standsStill, waitWhile } = options;
  const { isStopped } = file.leave;
  let isAllBegun = false;
  // of a block that it has begun what is acknowledged counts too: the receiver keeps whole ones
  const ownBytes = (): number => {
    const bytes = options.ownUnackedBytes();
    return bytes > 0 ? bytes + BLOCK_BYTES : 0;
  };
  const mustWait = (): boolean => {
    if (standsStill()) return true;
    if (isAllBegun && !lanes.hasGivenBack) return lanes.unfinished > 0;
    if (lanes.isInDoubt && !lanes.mayBegin(ownBytes())) return true;
    if (lanes.areAwaited) return options.ownUnackedBytes() > MAX_OWN_BYTES - BLOCK_BYTES;
    return lanes.size > 0 && lanes.free(ownBytes()) === null;
  };
  while (!isStopped()) {
    if (mustWait()) await waitWhile(mustWait);
    if (isStopped()) return;
    const block = lanes.takeGivenBack() ?? todo.next().value;
    isAllBegun ||= block === undefined;
    if (!block) {
      if (lanes.unfinished === 0) return;
      continue;
    }
    const lane = lanes.free(ownBytes());
    if (lane) await lane.send(block, file);
    else await options.sendBySession(block);
  }
}

function* blocksOf(ranges: Iterable<Range>): Generator<Range, undefined> {
  for (const { offset, bytes } of ranges) {
    for (let at = 0; at < bytes; at += BLOCK_BYTES) {
      yield { offset: offset + at, bytes: Math.min(BLOCK_BYTES, bytes - at) };
    }
  }
}
