/** What a run of the bench leaves behind, as it stands in its JSON. */

/** One transfer by one contender. */
export interface Sample {
  readonly contender: string;
  /** From 1. The one that warms up is not kept. */
  readonly round: number;
  /** From the start of the sending program to its end. */
  readonly wallMs: number;
  /** Of both ends and all they started. A server's count begins when it listens. */
  readonly cpuSeconds: number;
  /** Dropline only. */
  readonly memory?: Memory;
  /** Dropline only: when it said what, from the start of the sending program. */
  readonly marksMs?: Readonly<Record<string, number>>;
  /** Dropline only: how fast the last tenth came in, over the first. */
  readonly lastTenthOverFirst?: number;
  /** On a disk: how long the system then took to write what it still held. */
  readonly flushMs?: number;
}

/** Resident, in bytes. */
export interface Memory {
  /** The receiver when it listens and nothing has come yet. */
  readonly idleBytes: number;
  readonly receiverPeakBytes: number;
  readonly senderPeakBytes: number;
}

/** The longest time in which the main thread of each side did nothing else, in one transfer. */
export interface Stalls {
  readonly senderMs: number;
  readonly receiverMs: number;
  /** The same of a thread in each that has nothing to do: what the machine adds. */
  readonly besideSenderMs: number;
  readonly besideReceiverMs: number;
}

/** Measured apart from the timed rounds. */
export interface ProbeSample extends Stalls {
  readonly contender: string;
  readonly round: number;
}

export interface Contender {
  readonly name: string;
  /** What it does and leaves undone, so that nobody reads too much into a ratio. */
  readonly does: string;
}

export type Unit = 'MB/s' | 'files/s' | 'ms';

export interface WorkResult {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly bytes: number;
  readonly files: number;
  readonly contenders: readonly Contender[];
  readonly samples: readonly Sample[];
  readonly probes: readonly ProbeSample[];
  /** Contenders that failed or gave a wrong copy, and why. */
  readonly failures: readonly string[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly congestionControl: string;
  readonly fileSystem: string;
}

export interface Results {
  readonly startedAt: string;
  readonly commit: string;
  readonly seed: number;
  readonly rounds: number;
  readonly machine: Machine;
  /** One-minute load before and after: the bench itself makes about 2. */
  readonly load: { readonly before: number; readonly after: number };
  readonly missing: readonly string[];
  readonly works: readonly WorkResult[];
}
