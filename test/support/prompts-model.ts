import fc from 'fast-check';
import type { Asked, PromptEffect } from '../../electron/engine/prompts.ts';
import { MAX_TAKEN_BACK } from '../../electron/engine/back-offs.ts';
import { Prompts } from '../../electron/engine/prompts.ts';
import type { PeerId } from '../../shared/model/peer.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import {
  DECLINE_BACK_OFF_MS,
  MAX_OFFERS,
  MAX_OFFERS_PER_ADDRESS,
  MAX_OFFERS_PER_PEER,
} from '../../shared/protocol/limits.ts';
import { HandClock } from './hand-clock.ts';

/** Fuzz target 7: random offers of random devices against what must hold of the queue at any time. */

const DEVICES = 8;
/** Devices from here on are paired. */
const FIRST_PAIRED = 6;

/** What the model knows: who waits, who stands before the person, and who was turned away when. */
interface Model {
  readonly waiting: Map<TransferId, Asked>;
  readonly shown: Set<TransferId>;
  /** Until when nothing of a device may be shown, by its id and, of strangers, by its address. */
  readonly quietUntilMs: Map<string, number>;
  /** How many offers each device took back. */
  readonly takenBack: Map<PeerId | null, number>;
}

interface Real {
  readonly prompts: Prompts;
  readonly clock: HandClock;
}

const firstOf = (ids: Iterable<TransferId>, nth: number): TransferId | undefined => {
  const all = [...ids];
  return all[nth % Math.max(1, all.length)];
};

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the queue is not as it should be: ${what}`);
}

function follow(model: Model, effects: readonly PromptEffect[], real: Real): void {
  for (const { kind, transferId } of effects) {
    const asked = model.waiting.get(transferId);
    must(asked !== undefined, `${kind} of what does not wait`);
    if (kind === 'show') model.shown.add(transferId);
    else {
      model.waiting.delete(transferId);
      model.shown.delete(transferId);
    }
  }
  check(model, real);
}

function check({ waiting, shown }: Model, { prompts }: Real): void {
  const all = [...waiting.values()];
  for (const { transferId } of all) must(prompts.has(transferId), 'one that waits is forgotten');
  const strangers = all.filter(({ isPaired }) => !isPaired);
  must(strangers.length <= MAX_OFFERS, 'strangers have more than their room');
  for (const one of all) {
    const device = all.filter(({ peerId }) => peerId === one.peerId);
    must(device.length <= MAX_OFFERS_PER_PEER, 'a device has more than its room');
    // somebody who waits is shown, and then nobody else of that device
    const seen = device.filter(({ transferId }) => shown.has(transferId));
    must(seen.length === 1, `${seen.length} of a device are shown`);
    const near = strangers.filter(({ address }) => address === one.address);
    must(near.length <= MAX_OFFERS_PER_ADDRESS, 'an address has more than its room');
  }
}

class Ask implements fc.Command<Model, Real> {
  static made = 0;
  readonly device: number;
  readonly address: string;

  constructor(device: number, address: string) {
    this.device = device;
    this.address = address;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real): void {
    const transferId = (++Ask.made).toString(16).padStart(32, '0') as TransferId;
    const peerId = this.device.toString(16).padStart(64, '0') as PeerId;
    const isPaired = this.device >= FIRST_PAIRED;
    const asked = { transferId, peerId, address: this.address, isPaired };
    const nowMs = real.clock.nowMs();
    const keys = isPaired ? [peerId] : [peerId, this.address];
    const isQuiet = keys.some((key) => (model.quietUntilMs.get(key) ?? 0) > nowMs);
    const own = [...model.waiting.values()].filter((other) => other.peerId === peerId);
    model.waiting.set(transferId, asked);
    const effects = real.prompts.ask(asked);
    const isRefused = effects.some((e) => e.kind === 'decline' && e.transferId === transferId);
    if (isQuiet) must(isRefused, 'one that was turned away is heard');
    else if (isPaired && (model.takenBack.get(peerId) ?? 0) < MAX_TAKEN_BACK)
      must(isRefused === own.length >= MAX_OFFERS_PER_PEER, 'no room for a friend');
    const isBusy = effects.some(
      (e) => e.transferId === transferId && 'code' in e && e.code === 'PEER_BUSY',
    );
    must(
      isBusy === (!isQuiet && isBusy && own.length >= MAX_OFFERS_PER_PEER),
      'refused for others',
    );
    const others = effects.filter((e) => e.kind === 'decline' && e.transferId !== transferId);
    must(others.length <= 1, 'more than one gave way');
    for (const { transferId: gone } of others) {
      must(model.waiting.get(gone)?.isPaired === false, 'a paired device gave way to a stranger');
    }
    follow(model, effects, real);
  }

  toString(): string {
    return `ask(${this.device}, ${this.address})`;
  }
}

class Settle implements fc.Command<Model, Real> {
  readonly how: 'accepted' | 'declined' | 'leave';
  readonly nth: number;

  constructor(how: 'accepted' | 'declined' | 'leave', nth: number) {
    this.how = how;
    this.nth = nth;
  }

  check(model: Readonly<Model>): boolean {
    return model.shown.size > 0;
  }

  run(model: Model, real: Real): void {
    const from = this.how === 'leave' ? model.waiting.keys() : model.shown;
    const transferId = firstOf(from, this.nth);
    const asked = transferId && model.waiting.get(transferId);
    if (!transferId || !asked) return;
    model.waiting.delete(transferId);
    model.shown.delete(transferId);
    if (this.how === 'leave') {
      model.takenBack.set(asked.peerId, (model.takenBack.get(asked.peerId) ?? 0) + 1);
    }
    const keys = [asked.peerId ?? '', ...(asked.isPaired ? [] : [asked.address])];
    for (const key of keys) {
      if (this.how === 'accepted') model.quietUntilMs.delete(key);
      // how much longer it gets is not modelled: that it is at least the first span is
      const untilMs = real.clock.nowMs() + DECLINE_BACK_OFF_MS;
      if (this.how === 'declined') model.quietUntilMs.set(key, untilMs);
    }
    follow(model, real.prompts[this.how](transferId), real);
  }

  toString(): string {
    return `${this.how}(${this.nth})`;
  }
}

class Wait implements fc.Command<Model, Real> {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  check(): boolean {
    return true;
  }

  run(_model: Model, { clock }: Real): void {
    clock.turn(this.ms);
  }

  toString(): string {
    return `wait(${this.ms})`;
  }
}

const ask = fc
  .tuple(
    fc.nat(DEVICES - 1),
    fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', 'fe80::1%e'),
  )
  .map(([device, address]) => new Ask(device, address));
const settle = fc
  .tuple(fc.constantFrom('accepted', 'declined', 'leave', 'leave'), fc.nat(20))
  .map(([how, nth]) => new Settle(how, nth));
const wait = fc
  .constantFrom(1_000, DECLINE_BACK_OFF_MS, 10 * DECLINE_BACK_OFF_MS)
  .map((ms) => new Wait(ms));

/** Strangers have more than one key here, so that they meet every limit. */
export const promptsHold = fc.property(
  fc.commands([ask, ask, ask, settle, wait], { maxCommands: 80 }),
  (commands) => {
    fc.modelRun(() => {
      const clock = new HandClock();
      const model: Model = {
        waiting: new Map(),
        shown: new Set(),
        quietUntilMs: new Map(),
        takenBack: new Map(),
      };
      return { model, real: { prompts: new Prompts(clock, DECLINE_BACK_OFF_MS), clock } };
    }, commands);
  },
);
