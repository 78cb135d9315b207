import { createHash } from 'node:crypto';
import { CountReporter } from '../../../electron/engine/transfer/count-reporter.ts';
import { Deliveries } from '../../../electron/engine/transfer/deliveries.ts';
import type { Delivery } from '../../../electron/engine/transfer/destination.ts';
import { BlockHashes, digestOf } from '../../../electron/engine/transfer/hash.ts';
import { Incoming } from '../../../electron/engine/transfer/incoming.ts';
import { JournalShelf } from '../../../electron/engine/transfer/journal-shelf.ts';
import type { Range } from '../../../electron/engine/transfer/missing-ranges.ts';
import { rangesOf } from '../../../electron/engine/transfer/missing-ranges.ts';
import type { Bringer } from '../../../electron/engine/transfer/spread-blocks.ts';
import { SpreadBlocks } from '../../../electron/engine/transfer/spread-blocks.ts';
import type { ReceiveSession } from '../../../electron/engine/transfer/receive-session.ts';
import type { Proof } from '../../../electron/engine/transfer/resume-proof.ts';
import { proveHeld } from '../../../electron/engine/transfer/resume-proof.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import type { DeliveryReport } from '../../../electron/engine/transfer/file-states.ts';
import type { Acceptance } from '../../../electron/engine/transfer/worker-messages.ts';
import type { Choice } from '../../../shared/model/choice.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { ExistingChoices } from '../../../shared/model/plan.ts';
import { KEEP_BOTH } from '../../../shared/model/plan.ts';
import { HASH_BYTES } from '../../../shared/protocol/binary-messages.ts';
import { blockCount, equalBytes, toHex } from '../../../shared/protocol/hash-tree.ts';
import { BLOCK_BYTES } from '../../../shared/protocol/limits.ts';
import { HandClock } from '../../support/hand-clock.ts';
import type { MemoryEntry } from '../../support/memory-tree.ts';
import { TRANSFER_ID, entriesOfTree, offerOf } from '../../support/memory-tree.ts';
import type { Random } from './random.ts';
import { transferHash } from '../../support/transfer-hash.ts';

/**
 * A delivery of a tree that is in memory, through everything of the receiver that touches a disk, and
 * without a wire: what happens follows from the seed alone.
 */
export const HOME = '/home';
export const INBOX = '/inbox';

const HASH = 'sha256';
const PEER = 'ab'.repeat(32) as PeerId;
const LARGEST_WRITE = 64 * 1024;
const MOST_LANES = 3;

export function deliveriesOn(fs: FileSystem, home = HOME): Deliveries {
  const clock = new HandClock();
  const reporter = new CountReporter(clock, () => undefined);
  return new Deliveries({ fs, clock, reporter, shelf: new JournalShelf(fs, home) });
}

interface SimOptions {
  readonly transferId?: TransferId;
  /** Those of a receiver that has others too. */
  readonly deliveries?: Deliveries;
  readonly directory?: string;
  readonly existing?: ExistingChoices;
  readonly choice?: Choice;
}

export class SimDelivery {
  readonly #tree: readonly MemoryEntry[];
  readonly #incoming: Incoming;
  readonly #deliveries: Deliveries;
  readonly #random: Random;
  readonly #acceptance: Acceptance;
  #delivery: Delivery | null = null;

  constructor(
    fs: FileSystem,
    tree: readonly MemoryEntry[],
    random: Random,
    options: SimOptions = {},
  ) {
    const { transferId = TRANSFER_ID, deliveries = deliveriesOn(fs) } = options;
    const { directory = INBOX, existing = KEEP_BOTH, choice } = options;
    this.#tree = tree;
    this.#random = random;
    this.#acceptance = { directory, startedAtMs: 1, existing, choice };
    const entries = entriesOfTree(tree);
    const connection = { peerId: PEER, address: '127.0.0.1' };
    const session = {
      connection,
      offered: true,
      answered: () => undefined,
    } as unknown as ReceiveSession;
    const offer = { type: 'offer', ...offerOf(entries), transferId } as const;
    const saved = entries.map(({ path }) => path);
    const offered = { offer, entries, hash: HASH, peerName: 'sender' } as const;
    const key = createHash('sha256').update(JSON.stringify(entries)).digest('hex');
    this.#incoming = new Incoming(session, offered, saved, key);
    this.#deliveries = deliveries;
  }

  /** What a start of the program does with what it finds. */
  async takeStock(): Promise<void> {
    await this.#deliveries.takeStock();
  }

  /** Goes on with what is there, or begins. Answers whether it went on. */
  async open(): Promise<boolean> {
    if (await this.goesOn()) return true;
    const unwanted = await this.#incoming.without(this.#acceptance.choice);
    const chosen = { ...this.#acceptance, unwanted };
    this.#delivery = (await this.#deliveries.begin(this.#incoming, chosen)).delivery;
    return false;
  }

  /** false: there is nothing to go on with. */
  async goesOn(): Promise<boolean> {
    this.#delivery = await this.#deliveries.goOn(this.#incoming);
    return this.#delivery !== null;
  }

  /** What the person is told of it. */
  get report(): DeliveryReport {
    return this.#must().report();
  }

  /** The wire is cut: what was begun waits for its sender. */
  async keep(): Promise<void> {
    await this.#deliveries.keep(this.#incoming, this.#must(), true);
  }

  /** Sends what is missing. `most`: files; then the wire is cut in the middle of one. */
  async stream(most = Infinity): Promise<void> {
    const delivery = this.#must();
    const proof = await proveHeld(delivery, () => true);
    const published = new Map(
      proof.published.flatMap(({ files }) => files.map(({ index, hash }) => [index, hash])),
    );
    let sent = 0;
    for (const [index, { content }] of this.#tree.entries()) {
      if (content === null || delivery.options.unwanted.has(index)) continue;
      const hash = hashOf(content);
      const there = published.get(index);
      if (there && equalBytes(there, hash)) continue;
      const isCut = sent++ >= most;
      await this.#send(index, content, keptOf(proof, index, content), isCut);
      if (isCut) return;
      delivery.endFile(index, hash);
      if (this.#random.chance(0.3)) await turn();
    }
  }

  /** A connection later: what was begun is kept, and looked at again. */
  async cut(): Promise<void> {
    await this.keep();
    await this.open();
  }

  /** Resolves when the receiver would say `done`. */
  async finish(): Promise<void> {
    const { unwanted } = this.#must().options;
    const files = this.#tree.flatMap(({ path, content }, index) =>
      content === null || unwanted.has(index) ? [] : [{ path, hash: hashOf(content) }],
    );
    await this.#must().finish(toHex(transferHash(files, digestOf(HASH))));
  }

  /** Nobody wants it any more. */
  async discard(): Promise<void> {
    await this.#must().discard();
  }

  async close(): Promise<void> {
    await this.keep();
    await this.#deliveries.close();
  }

  #must(): Delivery {
    if (this.#delivery === null) throw new Error('not open');
    return this.#delivery;
  }

  async #send(
    index: number,
    content: Uint8Array,
    kept: readonly boolean[],
    isCut: boolean,
  ): Promise<void> {
    const delivery = this.#must();
    if (content.length > BLOCK_BYTES && this.#random.chance(0.5)) {
      await this.#spread(index, content, kept, isCut);
      return;
    }
    for (const { offset, bytes } of rangesOf(content.length, { has: (n) => kept[n] === true })) {
      delivery.openRange(index, offset);
      const end = offset + (isCut ? this.#random.int(0, bytes) : bytes);
      for (let at = offset; at < end;) {
        const count = Math.min(end - at, this.#random.int(1, LARGEST_WRITE));
        delivery.write(content.subarray(at, at + count));
        at += count;
        if (this.#random.chance(0.1)) await turn();
      }
      if (isCut) return;
    }
  }

  /** As lanes bring it: blocks in any order, several of them at once. */
  async #spread(
    index: number,
    content: Uint8Array,
    kept: readonly boolean[],
    isCut: boolean,
  ): Promise<void> {
    const delivery = this.#must();
    const random = this.#random;
    delivery.openRange(index, 0);
    const nothing = (): void => undefined;
    const counts = { onBytes: nothing, onStale: nothing, isRefused: () => false };
    const blocks = new SpreadBlocks(delivery.parts, HASH, counts);
    blocks.open(index);
    const todo = blocksFromTheEnd(content.length, kept);
    const under: { lane: Bringer; at: number; end: number }[] = [];
    const lanes = Array.from({ length: MOST_LANES }, () => ({
      isSession: false,
      onOvertaken: nothing,
    }));
    while (todo.length + under.length > 0) {
      if (isCut && random.chance(0.02)) break;
      const lane = random.pick(lanes);
      let way = under.find((each) => each.lane === lane);
      if (!way) {
        const next = todo.shift();
        if (!next) continue;
        blocks.begin(lane, next.offset, next.bytes);
        under.push((way = { lane, at: next.offset, end: next.offset + next.bytes }));
      }
      const count = Math.min(way.end - way.at, random.int(1, LARGEST_WRITE));
      blocks.write(lane, content.subarray(way.at, way.at + count));
      way.at += count;
      if (way.at === way.end) under.splice(under.indexOf(way), 1);
      if (random.chance(0.1)) await turn();
    }
    blocks.close();
  }
}

/** Blocks, the later ones first: what is cut off has holes. */
function blocksFromTheEnd(bytes: number, kept: readonly boolean[]): Range[] {
  const missing = Array.from({ length: blockCount(bytes) }, (_, n) => n * BLOCK_BYTES).filter(
    (offset) => kept[offset / BLOCK_BYTES] !== true,
  );
  return missing
    .map((offset) => ({ offset, bytes: Math.min(BLOCK_BYTES, bytes - offset) }))
    .reverse();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function hashOf(content: Uint8Array): Uint8Array {
  const blocks = new BlockHashes(HASH);
  blocks.seek(0);
  blocks.update(content);
  blocks.flush();
  const hash = blocks.file(blockCount(content.length));
  if (hash === null) throw new Error('no hash');
  return hash;
}

/** Which blocks the sender lets the receiver keep: those it has too. */
function keptOf(proof: Proof, index: number, content: Uint8Array): boolean[] {
  const kept: boolean[] = [];
  for (const have of proof.have.filter((each) => each.index === index)) {
    for (let n = 0; n * HASH_BYTES < have.hashes.length; n++) {
      const block = have.firstBlock + n;
      const own = content.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
      const said = have.hashes.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES);
      kept[block] = equalBytes(digestOf(HASH)(own), said);
    }
  }
  return kept;
}
