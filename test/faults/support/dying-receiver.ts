import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TransferId } from '../../../shared/model/transfer.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { parseFailpoint, withFailpoint } from './failpoints.ts';
import type { Trial } from './matrix.ts';
import type { Pair } from './pair.ts';
import { openPair } from './pair.ts';

/**
 * A receiver in this process that dies as one that is killed: from the failpoint on nothing of it reaches
 * the disk, and nothing reaches the wire. Another one goes on with its home and its disk.
 */
export class DyingReceiver {
  readonly sender: TestSender;
  readonly directory: string;
  readonly #pair: Pair;
  readonly #died: Promise<void>;

  private constructor(pair: Pair, died: Promise<void>) {
    this.#pair = pair;
    this.#died = died;
    this.sender = pair.sender;
    this.directory = pair.receiver.directory;
  }

  static async open(trial: Trial, step: string): Promise<DyingReceiver> {
    let die = (): void => undefined;
    const died = new Promise<void>((resolve) => (die = resolve));
    let pair: Pair | null = null;
    // in the same moment: what it says from now on, nobody hears
    const crash = (): void => {
      pair?.proxy.refuse(true);
      pair?.proxy.cut();
      die();
    };
    pair = await openPair(trial, { receiver: { fs: withFailpoint(parseFailpoint(step), crash) } });
    return new DyingReceiver(pair, died);
  }

  get port(): number {
    return this.#pair.proxy.port;
  }

  /** Resolves when it has died. Throws where it ended well, or its sender believes so. */
  async dead(id: TransferId): Promise<void> {
    const { receiver } = this.#pair;
    const missed = this.sender.event('ended', id).then(({ outcome }) => {
      throw new Error(`never came to the failpoint: ${JSON.stringify(outcome)}`);
    });
    await Promise.race([this.#died, missed]);
    missed.catch(() => undefined);
    await receiver.stop();
    if (this.sender.all('ended', id).length > 0) throw new Error('ended before the crash');
  }

  /** Another one on its home and its disk, behind the same wire. */
  async again(): Promise<TestReceiver> {
    const { bench, proxy, receiver: before } = this.#pair;
    const { identity, directory, home } = before;
    const receiver = await bench.receiver({ identity, place: { directory, home } });
    proxy.retarget(receiver.port);
    proxy.refuse(false);
    return receiver;
  }

  /** The sender dies too: another one goes on with what its program keeps of an offer. */
  async anotherSender(paths: readonly string[], id: TransferId): Promise<TestSender> {
    const { bench, sender: before, receiver } = this.#pair;
    await before.stop();
    const { offerId, entriesKey } = await before.event('offering', id);
    const { items, itemCount, totals } = await before.event('prepared', id);
    const sender = await bench.sender({ identity: before.identity });
    await sender.send(paths, this.port, {
      transferId: id,
      resumes: { offerId, earlierIds: [], entriesKey, items, itemCount, totals },
      expectedPeerId: receiver.identity.peerId,
    });
    return sender;
  }

  /** Whatever it was called by, it was one transfer, and nothing of it is open. */
  async mustHaveReceivedOnce(receiver: TestReceiver): Promise<void> {
    const ids = new Set<TransferId>();
    for (const event of receiver.events) {
      if (event.kind === 'offered' || event.kind === 'restored') ids.add(event.transferId);
      if (event.kind !== 'continued') continue;
      ids.delete(event.from);
      ids.add(event.transferId);
    }
    if (ids.size > 1) throw new Error(`received twice: ${JSON.stringify(receiver.events)}`);
    for (const id of ids) await receiver.outcome('delivered', id);
    // one that a crash left without a word is nobody's, and says nothing of any file
    const journals = join(receiver.home, 'journal');
    const left = readdirSync(journals).filter((name) => statSync(join(journals, name)).size > 0);
    if (left.length > 0) throw new Error(`journals are left: ${left.join()}`);
  }
}
