import type { ThumbnailMaker } from './thumbnail-thread.ts';

/**
 * One maker for all offers, picture by picture: whoever sends to many at once, who all want to see it, has
 * one decoder in memory and one core busy. It stops with the last of them.
 */
export class ThumbnailTurns {
  readonly #maker: ThumbnailMaker;
  readonly #open = new Set<ThumbnailMaker>();
  #before: Promise<unknown> = Promise.resolve();

  constructor(maker: ThumbnailMaker) {
    this.#maker = maker;
  }

  /** For one offer. What it has at work when it is stopped is lost, and nothing of the others. */
  open(): ThumbnailMaker {
    let isStopped = false;
    let isAtWork = false;
    const own: ThumbnailMaker = {
      make: (picture) => {
        const made = this.#before.then(async () => {
          if (isStopped) return null;
          isAtWork = true;
          try {
            return await this.#maker.make(picture);
          } finally {
            isAtWork = false;
          }
        });
        this.#before = made.catch(() => null);
        return made;
      },
      stop: () => {
        isStopped = true;
        this.#open.delete(own);
        if (isAtWork || this.#open.size === 0) this.#maker.stop();
      },
    };
    this.#open.add(own);
    return own;
  }
}
