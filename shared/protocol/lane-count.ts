import type { LimitedBy } from '../model/limit.ts';
import { MAX_LANES } from './limits.ts';

/**
 * How many lanes a transfer goes by (PROTOCOL.md §14.5). One is enough on a quick and clean network. Where
 * the network holds it up, and a lane carries far less than two computers could, it is tried with more, as
 * long as that brings more.
 */
export interface LaneCount {
  readonly wanted: number;
  /** Samples since there have been so many, and what they brought. */
  readonly samples: number;
  readonly bytes: number;
  /** What a sample brought before; null: this is no trial. */
  readonly bytesBefore: number | null;
  /** Trials that brought nothing. */
  readonly vain: number;
}

/** What the last LANE_SAMPLE_MS were like. */
export interface LaneSample {
  /** Those that carry something. */
  readonly lanes: number;
  readonly bytes: number;
  readonly limitedBy: LimitedBy | null;
}

export const LANE_SAMPLE_MS = 500;
export const ONE_LANE: LaneCount = {
  wanted: 1,
  samples: 0,
  bytes: 0,
  bytesBefore: null,
  vain: 0,
};

/** A lane that carries as much is held up by no loss: of a gigabit this is half. */
const ENOUGH_BYTES = (60_000_000 * LANE_SAMPLE_MS) / 1_000;
/** One that carries less is starved, or its network is slow: not much can be spoilt there. */
const POOR_BYTES = (8_000_000 * LANE_SAMPLE_MS) / 1_000;
const GROWTH = 4;
/** More lanes are worth it where all of them carry so much more. */
const WORTH = 1.25;
/** A lane that is new begins slowly, and what a sample brings varies. */
const TRIAL_SAMPLES = 3;
/** After a trial in vain: networks change. */
const REST_SAMPLES = 30;
const MAX_VAIN = 3;

/** Never fewer than before. A sample with another number of lanes than is wanted says nothing. */
export function nextLaneCount(before: LaneCount, sample: LaneSample): LaneCount {
  if (sample.lanes !== before.wanted) return { ...before, samples: 0, bytes: 0 };
  const count = { ...before, samples: before.samples + 1, bytes: before.bytes + sample.bytes };
  const { bytesBefore, vain } = count;
  const perSample = count.bytes / count.samples;
  if (bytesBefore === null && vain > 0 && count.samples < REST_SAMPLES) return count;
  if (bytesBefore !== null && count.samples < TRIAL_SAMPLES) return count;
  if (bytesBefore !== null && perSample < bytesBefore * WORTH) {
    return { ...count, samples: 0, bytes: 0, bytesBefore: null, vain: vain + 1 };
  }
  if (mayGrow(count, sample, perSample)) return grown(count, perSample);
  return { ...count, bytesBefore: null };
}

function mayGrow(
  { wanted, vain }: LaneCount,
  { limitedBy }: LaneSample,
  perSample: number,
): boolean {
  if (wanted >= MAX_LANES || vain >= MAX_VAIN) return false;
  return limitedBy === 'network' && perSample / wanted < ENOUGH_BYTES;
}

function grown({ wanted, vain }: LaneCount, bytesBefore: number): LaneCount {
  const most = bytesBefore / wanted < POOR_BYTES ? MAX_LANES : wanted * GROWTH;
  return { wanted: Math.min(MAX_LANES, most), samples: 0, bytes: 0, bytesBefore, vain };
}
