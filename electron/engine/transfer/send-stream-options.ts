import type { HashAlgorithm } from '../../../shared/protocol/messages.ts';
import type { Held } from '../../../shared/protocol/sender.ts';
import type { FileHashes } from './file-hashes.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { Pacer } from './pacer.ts';
import type { Clock } from './ports.ts';
import type { SendLanes } from './send-lanes.ts';
import type { SentStates } from './sent-states.ts';
import type { Source } from './source.ts';

export interface SendStreamOptions {
  readonly clock: Clock;
  /** Absent: as fast as it goes. */
  readonly pacer?: Pacer | undefined;
  readonly writer: FrameWriter;
  readonly source: Source;
  readonly algorithm: HashAlgorithm;
  readonly held: Held;
  /** Hashes of whole files, by index; kept over connections. */
  readonly hashes: FileHashes;
  /** Told how far each file is. */
  readonly states?: SentStates | undefined;
  /** null: the receiver dials none. */
  readonly lanes: SendLanes | null;
  /** By the session, not by a lane. */
  readonly onSent: (bytes: number) => void;
}
