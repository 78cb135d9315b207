import { mkdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TransferEvents } from '../../electron/engine/transfer-events.ts';
import { initialState } from '../../electron/engine/state/reduce.ts';
import { Store } from '../../electron/engine/state/store.ts';
import type { PairedDevice } from '../../shared/model/pairing.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { AcceptRule } from '../../shared/model/permission.ts';
import { MAX_UNASKED_UNDER_WAY } from '../../shared/model/permission.ts';
import { settingsSchema } from '../../shared/model/settings.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { DECLINE_BACK_OFF_MS } from '../../shared/protocol/limits.ts';
import type { TestEngine } from '../support/engines.ts';
import { Ground } from '../support/engines.ts';
import { HandClock } from '../support/hand-clock.ts';
import { self } from '../support/shown-devices.ts';
import { putFile } from '../support/trees.ts';

/** If these fail, something is taken that nobody said yes to, or a device shows itself to strangers. */

const ground = new Ground();
afterEach(() => ground.stopEngines());
afterAll(() => ground.remove());

describe('what a paired device may do by itself', () => {
  const id = 'ab'.repeat(32) as PeerId;
  let isTrusted: boolean | ((address: string) => Promise<boolean>);
  let rule: AcceptRule | null;
  let blocked: PeerId | null;
  let count = 0;

  beforeEach(() => {
    isTrusted = true;
    blocked = null;
    rule = { maxBytes: 100, directory: null };
  });

  function eventsTold(say: (what: string) => void): TransferEvents {
    const clock = new HandClock();
    const device: PairedDevice = { id, name: 'Anna', platform: 'linux', pairedAtMs: 0, rule };
    const pairings = {
      isBlocked: (one: PeerId) => one === blocked,
      forgetOffer: () => undefined,
      onOffered: () => say('compare codes'),
    };
    return new TransferEvents({
      store: new Store(initialState(self, settingsSchema.parse({}), []), clock),
      clock,
      declineBackOffMs: DECLINE_BACK_OFF_MS,
      trust: { devices: [device], isPaired: (one: PeerId | null) => one === id } as never,
      pairings: pairings as never,
      history: {} as never,
      log: { info: () => undefined, warn: () => undefined },
      unfinished: null,
      accept: () => 'ask',
      isOnTrustedNetwork: async (address) =>
        typeof isTrusted === 'boolean' ? isTrusted : isTrusted(address),
      onAccept: (_id, directory) => say(`accept ${directory ?? 'as set'}`),
      onAsk: () => say('ask'),
      onDecline: () => say('decline'),
      onTextLost: () => undefined,
      onTakenId: () => say('end'),
      onBlocked: () => say('give up'),
    });
  }

  function nextId(): TransferId {
    count += 1;
    return count.toString(16).padStart(32, '0') as TransferId;
  }

  function offer(bytes: number, peerId = id) {
    return {
      kind: 'offered',
      transferId: nextId(),
      mode: 'tls',
      peer: { id: peerId, name: 'Anna', address: '192.168.1.9' },
      items: [],
      itemCount: 1,
      totals: { files: 1, directories: 0, bytes },
      leftOutCount: 0,
    } as const;
  }

  async function offered(bytes: number, peerId = id): Promise<string> {
    return new Promise<string>((resolve) => {
      eventsTold(resolve).onEvent('receive', offer(bytes, peerId));
    });
  }

  /** Our own offer is with whoever answered at an address. */
  function answeredBy(peerId: PeerId): string[] {
    const said: string[] = [];
    const peer = { id: peerId, name: 'Anna', address: '192.168.1.9' };
    const waiting = { kind: 'waiting', transferId: nextId(), peer, port: 47_710 } as const;
    eventsTold((what) => said.push(what)).onEvent('send', waiting);
    return said;
  }

  test('is not what an offer of the same id brings over another network', async () => {
    const looks = new Map<string, (isTrusted: boolean) => void>();
    isTrusted = (address) => new Promise((resolve) => looks.set(address, resolve));
    const said: string[] = [];
    let onSaid: () => void = () => undefined;
    const events = eventsTold((what) => {
      said.push(what);
      onSaid();
    });
    const first = offer(1);
    const { transferId, peer } = first;
    const outcome = { kind: 'cancelled', by: 'peer' } as const;
    events.onEvent('receive', first);
    events.onEvent('receive', { kind: 'ended', transferId, outcome });
    events.onEvent('receive', { ...first, peer: { ...peer, address: '10.0.0.9' } });
    const answered = new Promise<void>((resolve) => (onSaid = resolve));
    looks.get('192.168.1.9')?.(true);
    await nextTurn();
    looks.get('10.0.0.9')?.(false);
    await answered;
    expect(said).toEqual(['ask']);
  });

  test('is accepted up to its size, on a trusted network alone, into its folder', async () => {
    expect(await offered(100)).toBe('accept as set');
    expect(await offered(101)).toBe('ask');
    rule = { maxBytes: null, directory: ground.path('albums') };
    expect(await offered(10 ** 12)).toBe(`accept ${ground.path('albums')}`);
    isTrusted = false;
    expect(await offered(1)).toBe('ask');
  });

  test('is asked about once much is under way, however quickly it offers', async () => {
    const said: string[] = [];
    const events = eventsTold((what) => said.push(what));
    for (let n = 0; n <= MAX_UNASKED_UNDER_WAY; n++) events.onEvent('receive', offer(1));
    await vi.waitFor(() => expect(said).toHaveLength(MAX_UNASKED_UNDER_WAY + 1));
    const accepted = said.filter((what) => what === 'accept as set');
    expect(accepted).toHaveLength(MAX_UNASKED_UNDER_WAY);
    expect(said.at(-1)).toBe('ask');
  });

  test('is asked about where the folder cannot be used, and where there is no rule', async () => {
    rule = { maxBytes: null, directory: putFile(ground.path('a file'), 1) };
    expect(await offered(1)).toBe('ask');
    rule = null;
    expect(await offered(1)).toBe('ask');
  });

  test('is nothing that another key can claim', async () => {
    expect(await offered(1, 'cd'.repeat(32) as PeerId)).toBe('ask');
  });

  test('is nothing any more once it is blocked, whatever its rule', async () => {
    blocked = id;
    expect(await offered(1)).toBe('decline');
    blocked = 'cd'.repeat(32) as PeerId;
    expect(await offered(1, blocked)).toBe('decline');
    expect(await offered(1)).toBe('accept as set');
  });

  test('is sent nothing once it is blocked, whoever it said to be', () => {
    blocked = 'cd'.repeat(32) as PeerId;
    expect(answeredBy(blocked)).toEqual(['give up']);
    expect(answeredBy(id)).toEqual(['compare codes']);
  });
});

describe('who sees this device', () => {
  test('strangers are told no name and declined without a prompt, where it is for paired devices', async () => {
    mkdirSync(ground.path('x'), { recursive: true });
    const anna = await ground.start('Anna of paired', { pairs: true, accept: 'ask' });
    const ben = await ground.start('Ben the stranger', { pairs: true, accept: 'ask' });
    await anna.engine.commands.setSettings({ visibility: 'paired' });
    const id = await ben.send([putFile(ground.path('hello.txt'), 3)], anna);
    await ben.until(id, 'declined');
    expect(JSON.stringify(ben.engine.snapshot())).not.toContain('Anna');
    expect(ben.engine.snapshot().pairings).toEqual([]);
    expect(anna.engine.snapshot().pairings).toEqual([]);

    await anna.engine.commands.setSettings({ visibility: 'everyone' });
    const again = await ben.send([ground.path('hello.txt')], anna);
    await anna.until(again, 'offered');
    expect(JSON.stringify(ben.engine.snapshot())).toContain('Anna');
  });

  test('a paired device finds it behind the veil, a stranger does not, and nobody where it is hidden', async () => {
    const looks = { pairs: true, accept: 'ask', discovery: true } as const;
    const [anna, ben] = [await ground.start('Anna', looks), await ground.start('Ben', looks)];
    const sees = (one: TestEngine, other: TestEngine, isSeen: boolean) =>
      one.when(({ peers }) => peers.some(({ id }) => id === other.id) === isSeen);
    await sees(ben, anna, true);
    await ben.engine.commands.pair({ key: anna.id });
    for (const engine of [ben, anna]) {
      const { pairingId } = await engine.when(({ pairings }) =>
        pairings.find(({ code }) => code !== null),
      );
      await engine.engine.commands.answerPairing({ pairingId, answer: 'match' });
    }
    await Promise.all([ben, anna].map((one) => one.when(({ paired }) => paired.length === 1)));

    await anna.engine.commands.setSettings({ visibility: 'paired' });
    const eve = await ground.start('Eve', looks);
    await sees(eve, ben, true);
    await sees(ben, anna, true);
    expect(JSON.stringify(eve.engine.snapshot().peers)).not.toContain(anna.id);
    const id = await ben.send([putFile(ground.path('veiled.txt'), 3)], {
      kind: 'peer',
      key: anna.id,
    });
    await anna.until(id, 'offered');

    await anna.engine.commands.setSettings({ visibility: 'hidden' });
    await sees(ben, anna, false);
  });
});
