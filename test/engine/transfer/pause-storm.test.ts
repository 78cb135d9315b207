import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PausedBy, TransferId } from '../../../shared/model/transfer.ts';
import { pausedBy } from '../../../shared/protocol/pause.ts';
import { GatedDisk } from '../../support/gated-disk.ts';
import { Proxy } from '../../support/proxy.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { entryAt, leftovers, putFile } from '../../support/trees.ts';

/** Two persons press what they like, in any order, and the wire breaks in between. */

const MIB = 1024 * 1024;
const BYTES = 16 * MIB;
const sides = ['sender', 'receiver'] as const;
type Side = (typeof sides)[number];

let bench: Bench;
let disk: GatedDisk;
let sender: TestSender;
let receiver: TestReceiver;
let proxy: Proxy;
let path: string;

beforeEach(async () => {
  bench = new Bench();
  disk = new GatedDisk();
  [sender, receiver] = await Promise.all([bench.sender(), bench.receiver({ fs: disk.fs })]);
  proxy = await Proxy.open(receiver.port);
  path = putFile(bench.path('big.bin'), BYTES);
});
afterEach(async () => {
  await proxy.stop();
  await bench.stop();
  expect(disk.open).toEqual([]);
  expect(leftovers(receiver.directory)).toEqual([]);
  await bench.remove();
});

/** What the persons want; who of them stopped it last is for the transfer to know. */
interface Wishes {
  readonly paused: Record<Side, boolean>;
  cancelledBy: Side | null;
}

class Running {
  readonly id: TransferId;

  constructor(id: TransferId) {
    this.id = id;
  }

  at(side: Side): TestSender | TestReceiver {
    return side === 'sender' ? sender : receiver;
  }

  get over(): boolean {
    return sides.every((side) => this.at(side).all('ended', this.id).length > 0);
  }

  /** Waits until both sides show what both persons want, or it is over. */
  async agreesWith({ paused }: Wishes): Promise<void> {
    const wanted = { sender: shown(paused, 'sender'), receiver: shown(paused, 'receiver') };
    while (!this.over && !sides.every((side) => this.#shows(side, wanted[side]))) await turn();
  }

  #shows(side: Side, by: PausedBy | null): boolean {
    const isPast = ['finishing', 'ended'].some(
      (kind) => this.at(side).all(kind as 'ended', this.id).length > 0,
    );
    return isPast || this.at(side).pausedBy(this.id) === by;
  }
}

function shown(paused: Wishes['paused'], side: Side): PausedBy | null {
  const byPeer = paused[side === 'sender' ? 'receiver' : 'sender'];
  return pausedBy({ byUs: paused[side], byPeer });
}

type Command = fc.AsyncCommand<Wishes, Running>;

class Says implements Command {
  readonly #side: Side;
  readonly #kind: 'pause' | 'resume';

  constructor(side: Side, kind: 'pause' | 'resume') {
    this.#side = side;
    this.#kind = kind;
  }

  check = ({ cancelledBy }: Readonly<Wishes>): boolean => cancelledBy === null;

  async run({ paused }: Wishes, running: Running): Promise<void> {
    paused[this.#side] = this.#kind === 'pause';
    await running.at(this.#side).say(this.#kind, running.id);
  }

  toString = (): string => `${this.#side} says ${this.#kind}`;
}

class Cancels implements Command {
  readonly #side: Side;

  constructor(side: Side) {
    this.#side = side;
  }

  check = ({ cancelledBy }: Readonly<Wishes>): boolean => cancelledBy === null;

  async run(wishes: Wishes, running: Running): Promise<void> {
    wishes.cancelledBy = this.#side;
    await running.at(this.#side).say('cancel', running.id);
  }

  toString = (): string => `${this.#side} cancels`;
}

/** Until here only what was pressed is known; now both sides have heard it, however long that takes. */
class Settles implements Command {
  readonly #wireMayBreak: boolean;

  constructor(wireMayBreak: boolean) {
    this.#wireMayBreak = wireMayBreak;
  }

  /** A sender that stands still does not dial, so the other side hears nothing of it without a wire. */
  check = ({ cancelledBy, paused }: Readonly<Wishes>): boolean =>
    cancelledBy === null && !(this.#wireMayBreak && paused.sender);

  run(wishes: Wishes, running: Running): Promise<void> {
    return running.agreesWith(wishes);
  }

  toString = (): string => 'settles';
}

class Breaks implements Command {
  check = (): boolean => true;

  run(): Promise<void> {
    proxy.cut();
    return Promise.resolve();
  }

  toString = (): string => 'the wire breaks';
}

class Passes implements Command {
  check = (): boolean => true;

  async run(): Promise<void> {
    for (let n = 0; n < 5; n++) await turn();
  }

  toString = (): string => 'a moment passes';
}

async function begin(): Promise<Running> {
  let id: TransferId | null = null;
  const begun = new Promise<void>((resolve) => {
    const from = disk.writtenBytes;
    disk.onWrite = (writtenBytes) => {
      if (writtenBytes - from < MIB || id === null) return;
      disk.onWrite = () => undefined;
      resolve();
    };
  });
  id = await sender.send([path], proxy.port);
  await begun;
  return new Running(id);
}

/** Whatever was pressed, it ends as the persons wanted in the end, and both sides agree. */
async function finish({ cancelledBy }: Wishes, running: Running): Promise<void> {
  const { id } = running;
  if (cancelledBy === null) for (const side of sides) await running.at(side).say('resume', id);
  const [sent, received] = await Promise.all(
    sides.map(async (side) => (await running.at(side).event('ended', id)).outcome),
  );
  expect(sent?.kind).toBe(received?.kind);
  if (cancelledBy === null) expect(sent?.kind).toBe('delivered');
  const names = readdirSync(receiver.directory);
  expect(names).toHaveLength(received?.kind === 'delivered' ? 1 : 0);
  for (const name of names) {
    expect(entryAt(join(receiver.directory, name)).hash).toBe(entryAt(path).hash);
  }
}

const steps = [
  ...sides.flatMap((side) => [
    fc.constant(new Says(side, 'pause')),
    fc.constant(new Says(side, 'resume')),
  ]),
  fc.constant(new Passes()),
];

async function storm(
  commands: readonly fc.Arbitrary<Command>[],
  maxCommands: number,
  numRuns: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands([...commands], { maxCommands }), async (run) => {
      const wishes: Wishes = { paused: { sender: false, receiver: false }, cancelledBy: null };
      const running = await begin();
      await fc.asyncModelRun(() => ({ model: wishes, real: running }), run);
      await finish(wishes, running);
      for (const name of readdirSync(receiver.directory)) rmSync(join(receiver.directory, name));
    }),
    { numRuns, endOnFailure: true },
  );
}

test('however often both sides stop it and go on, what arrives is whole', async () => {
  await storm([...steps, fc.constant(new Settles(false))], 25, 8);
});

test('whatever breaks in between, it goes on when both want it to', async () => {
  const breaks = [fc.constant(new Breaks()), fc.constant(new Settles(true))];
  await storm([...steps, ...breaks], 20, 8);
});

test('a cancel at any moment ends it on both sides and leaves nothing', async () => {
  const cancels = sides.map((side) => fc.constant(new Cancels(side)));
  await storm([...steps, fc.constant(new Settles(false)), ...cancels], 12, 12);
});
