import { TransferEvents } from '../../electron/engine/transfer-events.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import {
  DECLINE_BACK_OFF_MS,
  MAX_OFFERS,
  MAX_OFFERS_PER_ADDRESS,
} from '../../shared/protocol/limits.ts';
import { HandClock } from '../support/hand-clock.ts';
import { self } from '../support/shown-devices.ts';
import { promise } from './support/matrix.ts';

/** If this fails, whoever is on the network can keep a person from working by asking them. */

const OFFERS = 1_000;
const IDS = 100;
const FRIEND = 'f'.repeat(64) as PeerId;
/** One line for each device of which nothing was answered. */
const MOST_LINES = 10;

const idOf = (n: number): TransferId => n.toString(16).padStart(32, '0') as TransferId;
const peerOf = (n: number): PeerId => n.toString(16).padStart(64, '0') as PeerId;

promise({
  id: 'F21',
  says: 'a thousand offers of a hundred devices show few prompts, keep no friend out and leave few lines',
  quick: OFFERS,
  full: 20 * OFFERS,
  run: async (random) => {
    const clock = new HandClock();
    const store = new Store(initialState(self, settingsSchema.parse({}), []), clock);
    const remembered: Transfer[] = [];
    const gone: TransferId[] = [];
    const events = new TransferEvents({
      store,
      clock,
      declineBackOffMs: DECLINE_BACK_OFF_MS,
      trust: { devices: [{ id: FRIEND }], isPaired: (id: PeerId | null) => id === FRIEND } as never,
      history: { add: (transfer: Transfer) => Promise.resolve(remembered.push(transfer)) } as never,
      log: { info: () => undefined, warn: () => undefined },
      pairings: { isBlocked: () => false, forgetOffer: () => undefined } as never,
      onBlocked: () => undefined,
      onTextLost: () => undefined,
      onTakenId: () => undefined,
      isOnTrustedNetwork: async () => false,
      unfinished: null,
      accept: () => 'ask',
      onAccept: () => undefined,
      onAsk: () => undefined,
      onDecline: (transferId) => gone.push(transferId),
    });
    const offer = (n: number, id: PeerId, address: string): void => {
      events.onEvent('receive', {
        kind: 'offered',
        transferId: idOf(n),
        mode: 'tls',
        peer: { id, name: 'x', address },
        items: [],
        itemCount: 1,
        totals: { files: 1, directories: 0, bytes: 1 },
        leftOutCount: 0,
      });
    };
    const over = new Set<TransferId>();
    const end = (transferId: TransferId, by: 'us' | 'peer'): void => {
      if (over.has(transferId)) return;
      over.add(transferId);
      const outcome =
        by === 'us' ? { kind: 'declined', code: 'DECLINED' } : { kind: 'cancelled', by };
      events.onEvent('receive', { kind: 'ended', transferId, outcome } as never);
    };
    const settle = (): void => {
      for (const id of gone.splice(0)) end(id, 'us');
    };
    const shown = (): readonly Transfer[] =>
      store.state.transfers.filter(({ phase }) => phase === 'offered');
    let answers = 0;
    for (let n = 0; n < OFFERS; n++) {
      const device = random.int(0, IDS - 1);
      const address = `10.0.${random.chance(0.5) ? 0 : device}.1`;
      offer(n, peerOf(device), address);
      settle();
      if (random.chance(0.2)) end(idOf(random.int(0, n)), 'peer');
      if (random.chance(0.1)) clock.turn(random.int(1, DECLINE_BACK_OFF_MS));
      const [prompt] = random.shuffled(shown());
      if (prompt && random.chance(0.05)) {
        answers++;
        events.answered(prompt.id, false);
        end(prompt.id, 'us');
      }
      const strangers = shown();
      if (strangers.length > MAX_OFFERS) throw new Error(`${strangers.length} prompts`);
      const devices = new Set(strangers.map(({ peer }) => peer.id));
      if (devices.size < strangers.length) throw new Error('two prompts of one device');
      for (const { peer } of strangers) {
        const near = strangers.filter((other) => other.peer.address === peer.address);
        if (near.length > MAX_OFFERS_PER_ADDRESS) throw new Error(`${near.length} of one address`);
      }
      const lines = store.state.transfers.filter(isFinished).length;
      if (lines > MOST_LINES + answers) throw new Error(`${lines} lines`);
    }
    if (remembered.length > answers) throw new Error(`${remembered.length} in the history`);
    offer(OFFERS, FRIEND, '10.0.0.1');
    settle();
    if (!shown().some(({ peer }) => peer.id === FRIEND)) throw new Error('a friend is kept out');
    store.stop();
    await Promise.resolve();
    return OFFERS;
  },
});
