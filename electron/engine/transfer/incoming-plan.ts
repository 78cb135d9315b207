import type { Choice } from '../../../shared/model/choice.ts';
import type { Deliveries } from './deliveries.ts';
import type { Incoming } from './incoming.ts';
import { planOffer } from './preflight.ts';
import type { ReceiveSystem } from './receiver.ts';

/** Tells what accepting it there would do; the latest question counts, and none once it is answered. */
export async function tellPlan(
  { fs, clock, reporter }: ReceiveSystem,
  deliveries: Deliveries,
  incoming: Incoming,
  directory: string,
  choice: Choice | undefined,
): Promise<void> {
  const turn = ++incoming.plans;
  const isWanted = (): boolean =>
    incoming.session.offered && !incoming.accepted && incoming.plans === turn;
  const { offer, transferId } = incoming;
  const unwanted = await incoming.without(choice);
  const held = await deliveries.bytesOfEarlier(incoming, directory);
  const heldBytes = (): number => held;
  // accepting it meets the same disk, and says what is wrong with it
  const saved = await incoming.savedIn(fs, directory, isWanted).catch(() => null);
  const request = { fs, clock, directory, entries: offer.entries, unwanted, heldBytes };
  const plan = saved && (await planOffer({ ...request, saved }, isWanted));
  if (isWanted()) reporter.emit({ kind: 'planned', transferId, plan });
}
