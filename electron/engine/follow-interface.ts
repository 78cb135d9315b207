import { isIP } from 'node:net';
import { InterfaceWatch } from './networks/interface-watch.ts';
import type { PortKeeper } from './port-keeper.ts';
import type { Presence } from './presence.ts';
import type { Store } from './state/store.ts';
import type { Threads } from './threads.ts';
import type { Clock } from './transfer/ports.ts';
import { dialFrom } from './transfer/way-out.ts';
import type { ListenOptions } from './transfer/worker-messages.ts';

interface FollowInterfaceOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Given for this run; null: the settings say. */
  readonly fixedInterface: string | null;
  readonly listen: ListenOptions | null;
  readonly port: () => Pick<PortKeeper, 'move'>;
  readonly presence: () => Pick<Presence, 'lookThrough'>;
  readonly threads: () => Pick<Threads, 'dialFrom'>;
}

/** Keeps the port, the search and what is dialled on the interface that the person wants. */
export function followInterface(options: FollowInterfaceOptions): InterfaceWatch {
  const { fixedInterface, listen, port, presence, threads } = options;
  let moving: Promise<void> = Promise.resolve();
  let before: string | null | undefined;
  const watch = new InterfaceWatch({
    ...options,
    fixed: fixedInterface,
    onChange: () => {
      const { chosen, host } = watch;
      threads().dialFrom(dialledFrom(chosen));
      dialFrom(dialledFrom(chosen));
      if (chosen !== before) presence().lookThrough(chosen);
      before = chosen;
      if (listen === null) return;
      // one after the other: the last that is wanted is what there is in the end
      moving = moving.then(() => port().move(host === undefined ? null : { ...listen, host }));
    },
  });
  before = watch.chosen;
  dialFrom(dialledFrom(watch.chosen));
  return watch;
}

/** One that was named by an address of it is listened at, and dialled from as the system likes. */
export function dialledFrom(chosen: string | null): string | null {
  return chosen === null || isIP(chosen.split('%')[0] ?? '') !== 0 ? null : chosen;
}
