import { afterEach, beforeEach, expect, test } from 'vitest';
import { Dialler } from '../../../electron/engine/transfer/dialler.ts';
import { GOODBYE_MS, sayGoodbyes } from '../../../electron/engine/transfer/goodbye.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { Bench, createIdentity } from '../../support/transfer-pair.ts';

/** If this fails, a person who cancels waits for as long as there are offers to take back. */

const IDS = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(32) as TransferId);

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.remove());

test('however many offers are taken back, there is one time for all of them', async () => {
  const [receiver, identity] = await Promise.all([bench.receiver(), createIdentity()]);
  const clock = new HandClock();
  const dialler = new Dialler(realClock, [{ address: '127.0.0.1', port: receiver.port }]);
  const dial = dialler.dial.bind(dialler);
  let dials = 0;
  dialler.dial = async (...args) => {
    dials++;
    const connection = await dial(...args);
    clock.turn(GOODBYE_MS * 0.4);
    return connection;
  };
  const self = { identity, name: 'Anna', platform: 'linux' as const };
  const items = [{ name: 'single.bin', kind: 'file' as const }];
  const totals = { itemCount: 1, files: 1, directories: 0, bytes: 1, leftOut: 0 };
  const offer = { transferId: IDS[0]!, items, ...totals };
  const options = { clock, self, dialler, peerId: receiver.identity.peerId, offer };
  expect(await sayGoodbyes(options, IDS.slice(0, 2))).toBe(true);
  expect(dials).toBe(2);
  expect(await sayGoodbyes(options, IDS)).toBe(false);
  expect(dials).toBe(2 + 3);
  expect(clock.pending).toBe(0);
});
