import { expect, test } from 'vitest';
import {
  MAX_REFUSALS_OF_STRANGERS,
  REFUSALS_WINDOW_MS,
  Refusals,
} from '../../electron/engine/refusals.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import { HandClock } from '../support/hand-clock.ts';

/** If these fail, a person never hears that an offer was refused, or hears of nothing else any more. */

const BLOCKED = 'b'.repeat(64) as PeerId;
const ANNA = 'a'.repeat(64) as PeerId;
const stranger = (n: number, address = `10.0.${n}.1`) => ({
  id: n.toString(16).padStart(64, '0') as PeerId,
  name: `n\u202E${n}`,
  address,
});
const anna = (address: string) => ({ id: ANNA, name: 'not her name', address });

function desk(visibility: 'everyone' | 'paired' = 'everyone') {
  const clock = new HandClock();
  const settings = settingsSchema.parse({ visibility });
  const self = { id: ANNA, name: 'me', host: null, port: null } as never;
  const store = new Store(initialState(self, settings, []), clock);
  const pairings = { isBlocked: (id: PeerId | null) => id === BLOCKED };
  const trust = { devices: [{ id: ANNA, name: 'Anna' }] } as never;
  const refusals = new Refusals({ store, trust, pairings, clock });
  const names = () => store.state.notices.map(({ failure }) => failure.details['name']);
  return { clock, refusals, names };
}

test('an address of strangers is told of once, whatever keys it has, and again much later', () => {
  const { clock, refusals, names } = desk();
  for (let n = 0; n < 100; n++) refusals.onRefused(stranger(n, '10.0.0.66'));
  expect(names()).toEqual(['n0']);
  clock.turn(REFUSALS_WINDOW_MS);
  refusals.onRefused(stranger(7, '10.0.0.66'));
  expect(names()).toEqual(['n0', 'n7']);
});

test('many strangers are told of a few times, and a paired device is by the name it was given', () => {
  const { refusals, names } = desk();
  for (let n = 0; n < 100; n++) refusals.onRefused(stranger(n));
  refusals.onRefused(anna('10.9.9.9'));
  refusals.onRefused(anna('10.9.9.8'));
  expect(names()).toHaveLength(MAX_REFUSALS_OF_STRANGERS + 1);
  expect(names().at(-1)).toBe('Anna');
});

test('of a blocked device nothing is heard', () => {
  const { refusals, names } = desk();
  refusals.onRefused({ ...stranger(1), id: BLOCKED });
  expect(names()).toEqual([]);
});

test('of strangers who may not ask nothing is heard', () => {
  const { refusals, names } = desk('paired');
  refusals.onRefused(stranger(1));
  refusals.onRefused(anna('10.9.9.9'));
  expect(names()).toEqual(['Anna']);
});
