import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { NoticeWords } from './words.ts';
import { codeWords, offerWords } from './words.ts';

/** What was put on the screen and can be taken off again. */
export interface Notice {
  close(): void;
}

export interface NoticePorts {
  /** The person is looking at the window already: the prompt in it is enough. */
  readonly isWatching: () => boolean;
  readonly present: (words: NoticeWords) => Notice;
}

/** One notice for each offer or code that comes while nobody looks; it goes when that is answered. */
export class PromptNotices {
  readonly #ports: NoticePorts;
  readonly #seen = new Set<string>();
  readonly #shown = new Map<string, Notice>();

  constructor(ports: NoticePorts) {
    this.#ports = ports;
  }

  update(snapshot: Snapshot): void {
    const prompts = promptsIn(snapshot);
    for (const id of [...this.#seen]) if (!prompts.has(id)) this.#forget(id);
    for (const [id, words] of prompts) {
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      if (!this.#ports.isWatching()) this.#shown.set(id, this.#ports.present(words()));
    }
  }

  stop(): void {
    for (const id of [...this.#seen]) this.#forget(id);
  }

  #forget(id: string): void {
    this.#seen.delete(id);
    this.#shown.get(id)?.close();
    this.#shown.delete(id);
  }
}

/** What waits for the person. A code that comes with an offer needs no notice of its own. */
function promptsIn({ transfers, pairings }: Snapshot): ReadonlyMap<string, () => NoticeWords> {
  const prompts = new Map<string, () => NoticeWords>();
  const asking = new Set<string | null>();
  for (const transfer of transfers) {
    if (transfer.direction !== 'receive' || transfer.phase !== 'offered') continue;
    prompts.set(transfer.id, () => offerWords(transfer));
    asking.add(transfer.peer.id);
  }
  for (const pairing of pairings) {
    const isOpen = pairing.phase === 'comparing' || pairing.phase === 'matchedThere';
    if (isOpen && !asking.has(pairing.peerId)) {
      prompts.set(pairing.pairingId, () => codeWords(pairing));
    }
  }
  return prompts;
}
