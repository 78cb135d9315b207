import type { Failure } from '../../shared/errors.ts';
import { toFailure } from '../../shared/errors.ts';

/** What a person can do about a start that failed. */
export type Way = 'quit' | 'tryAgain' | 'newIdentity';

export interface StartPorts<T> {
  readonly start: () => Promise<T>;
  /** Whether the failure is of the device's own key, which a person may give up. */
  readonly isOfIdentity: (failure: Failure) => boolean;
  readonly setIdentityAside: () => Promise<void>;
  readonly tell: (failure: Failure, ways: readonly Way[]) => Promise<Way>;
}

/**
 * Starts until it works or the person has had enough; null then. A key that cannot be read is never made
 * anew by itself: every paired device would see a stranger.
 */
export async function startOver<T>(ports: StartPorts<T>): Promise<T | null> {
  for (;;) {
    try {
      return await ports.start();
    } catch (error) {
      const why = toFailure(error);
      const way = await ports.tell(why, waysOf(why, ports));
      if (way === 'quit') return null;
      if (way === 'newIdentity') await ports.setIdentityAside();
    }
  }
}

function waysOf(why: Failure, { isOfIdentity }: Pick<StartPorts<unknown>, 'isOfIdentity'>): Way[] {
  if (isOfIdentity(why)) return ['tryAgain', 'newIdentity', 'quit'];
  return why.code === 'IDENTITY_UNREADABLE' ? ['tryAgain', 'quit'] : ['quit'];
}
