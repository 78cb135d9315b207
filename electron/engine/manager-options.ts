import type { ExistingChoice } from '../../shared/model/plan.ts';
import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { History } from './history.ts';
import type { Log } from './log.ts';
import type { Outbox } from './outbox.ts';
import type { ListenOptions } from './transfer/worker-messages.ts';
import type { ThreadsOptions } from './threads.ts';
import type { Trust } from './trust.ts';
import type { UnfinishedSendsOptions } from './unfinished-sends.ts';

/** What the manager is made of. */
export interface ManagerOptions
  extends
    Omit<ThreadsOptions, 'listenTo' | 'interface'>,
    Pick<UnfinishedSendsOptions, 'hasFileList'> {
  readonly trust: Trust;
  readonly history: History;
  readonly log: Log;
  /** null: what is cut off is not remembered. */
  readonly outbox: Outbox | null;
  readonly accept: () => AcceptPolicy;
  /** For names that are taken, where no answer says it. */
  readonly existing: () => ExistingChoice;
  /** null: does not receive. */
  readonly listen: ListenOptions | null;
  readonly discovery: boolean;
  /** Given for this run, by name or address; null: the settings say. */
  readonly fixedInterface: string | null;
  /** How long a device is not heard after its first no. */
  readonly declineBackOffMs: number;
  /** There is somebody who can compare codes. */
  readonly pairs: boolean;
}
