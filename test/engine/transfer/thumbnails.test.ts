import { readdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { makeThumbnail } from '../../../electron/engine/transfer/make-thumbnail.ts';
import { realClock } from '../../../electron/engine/transfer/ports.ts';
import type { ThumbnailMaker } from '../../../electron/engine/transfer/thumbnail-thread.ts';
import { ThumbnailThread } from '../../../electron/engine/transfer/thumbnail-thread.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import {
  MAX_OFFERS_PER_PEER,
  MAX_THUMBNAILS,
  MAX_THUMBNAIL_OFFERS,
} from '../../../shared/protocol/limits.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { bomb, jpegOf, pngOf } from '../../support/pictures.ts';
import type { TestReceiver, TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** What is offered is seen before it is answered, if its receiver wants to see it. */

const PICTURE = jpegOf(200, 100);

/** Makes them in this thread, when the test says so. */
class Maker implements ThumbnailMaker {
  readonly waiting: (() => void)[] = [];
  isHeld = false;
  stops = 0;
  make = async (picture: Uint8Array): Promise<Uint8Array | null> => {
    if (this.isHeld) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return makeThumbnail(picture);
  };

  stop(): void {
    this.stops++;
    for (const go of this.waiting.splice(0)) go();
  }
}

let bench: Bench;
let maker: Maker;
let opened: number;
let sender: TestSender;
let receiver: TestReceiver;

beforeEach(async () => {
  bench = new Bench();
  maker = new Maker();
  opened = 0;
  const openMaker = (): ThumbnailMaker => {
    opened++;
    return maker;
  };
  [sender, receiver] = await Promise.all([bench.sender({ openMaker }), bench.receiver()]);
  receiver.accepts = false;
});
afterEach(async () => {
  await bench.remove();
});

/** Sends that many pictures in a folder, with what is none beside them. */
async function offer(count: number, by = sender): Promise<TransferId> {
  putFile(bench.path('photos', 'aaa.txt'), 500);
  for (let n = 0; n < count; n++) {
    writeFileSync(bench.path('photos', `${String(n).padStart(3, '0')}.JPG`), PICTURE);
  }
  const id = await by.send([bench.path('photos')], receiver.port);
  await receiver.event('offered', id);
  return id;
}

describe('the pictures of an offer', () => {
  test('are made and sent when they are asked for, once each, and in order', async () => {
    const id = await offer(3);
    expect(await receiver.event('offered', id)).toMatchObject({ pictures: 3 });
    expect(opened).toBe(0);
    expect(await receiver.pictures(id)).toEqual([]);
    await receiver.event('pictures', id, 3);
    const all = (await receiver.pictures(id)) ?? [];
    expect(all.map(({ path }) => path.join('/'))).toEqual(
      [0, 1, 2].map((n) => `photos/00${n}.JPG`),
    );
    expect(all[0]?.jpeg).toBe(Buffer.from(makeThumbnail(PICTURE) ?? []).toString('base64'));
    expect(await receiver.pictures(id, 2)).toEqual(all.slice(2));
    expect(receiver.all('pictures', id).map(({ come }) => come)).toEqual([1, 2, 3]);
    expect(opened).toBe(1);
    await receiver.accept(id);
    await sender.outcome('delivered', id);
    await receiver.outcome('delivered', id);
  });

  test('are as many as may be, of more', async () => {
    const id = await offer(MAX_THUMBNAILS + 2);
    expect(await receiver.event('offered', id)).toMatchObject({ pictures: MAX_THUMBNAILS });
    await receiver.pictures(id);
    await receiver.event('pictures', id, MAX_THUMBNAILS);
    await receiver.decline(id);
    await sender.outcome('declined', id);
    expect(receiver.all('pictures', id)).toHaveLength(MAX_THUMBNAILS);
  });

  test('are given up when it is answered, and gone from memory', async () => {
    maker.isHeld = true;
    const id = await offer(3);
    await receiver.pictures(id);
    await expect.poll(() => maker.waiting.length).toBe(1);
    await receiver.accept(id);
    await sender.outcome('delivered', id);
    expect(maker.stops).toBeGreaterThan(0);
    expect(receiver.all('pictures', id)).toEqual([]);
    expect(await receiver.pictures(id)).toBeNull();
  });

  test('are given up when it is declined', async () => {
    maker.isHeld = true;
    const id = await offer(3);
    await receiver.pictures(id);
    await expect.poll(() => maker.waiting.length).toBe(1);
    await receiver.decline(id);
    await sender.outcome('declined', id);
    expect(maker.stops).toBeGreaterThan(0);
    expect(await receiver.pictures(id)).toBeNull();
  });

  test('leave nothing on the disk', async () => {
    const id = await offer(1);
    await receiver.pictures(id);
    await receiver.event('pictures', id);
    const files = (readdirSync(receiver.home, { recursive: true }) as string[]).filter((name) =>
      name.includes('.'),
    );
    expect(files).toEqual([]);
    expect(readdirSync(receiver.directory)).toEqual([]);
  });

  test('are of a bounded number of offers at a time', async () => {
    const first = await offer(1);
    const ids = [first];
    while (ids.length <= MAX_THUMBNAIL_OFFERS) {
      const openMaker = (): ThumbnailMaker => (opened++, maker);
      const other = await bench.sender({ openMaker });
      for (let n = 0; n < MAX_OFFERS_PER_PEER && ids.length <= MAX_THUMBNAIL_OFFERS; n++) {
        ids.push(await other.send([bench.path('photos')], receiver.port));
        await receiver.event('offered', ids.at(-1) ?? first);
      }
    }
    for (const id of ids.slice(0, -1)) {
      await receiver.pictures(id);
      await receiver.event('pictures', id);
    }
    const last = ids.at(-1) ?? first;
    expect(await receiver.pictures(last)).toEqual([]);
    expect(opened).toBe(MAX_THUMBNAIL_OFFERS);
    await receiver.decline(first);
    await receiver.outcome('declined', first);
    await receiver.pictures(last);
    await receiver.event('pictures', last);
    expect(opened).toBe(MAX_THUMBNAIL_OFFERS + 1);
  });

  test('are none from a sender that knows nothing of them, and it is not asked', async () => {
    const old = await bench.sender();
    const id = await offer(2, old);
    expect(await receiver.event('offered', id)).not.toHaveProperty('pictures');
    expect(await receiver.pictures(id)).toEqual([]);
    await receiver.accept(id);
    await old.outcome('delivered', id);
  });

  test('are passed over where they cannot be read any more, or are none', async () => {
    const id = await offer(3);
    writeFileSync(bench.path('photos', '000.JPG'), Buffer.from('changed'));
    await receiver.pictures(id);
    await receiver.event('pictures', id, 2);
    const all = (await receiver.pictures(id)) ?? [];
    expect(all.map(({ path }) => path.at(-1))).toEqual(['001.JPG', '002.JPG']);
  });

  test('end the session where they are none of those that may come', async () => {
    maker.make = async () => Uint8Array.from(pngOf(8, 8));
    const id = await offer(1);
    await receiver.pictures(id);
    const { failure } = await receiver.outcome('failed', id);
    expect(failure.code).toBe('PROTOCOL_VIOLATION');
  });
});

describe('the thread that makes them', () => {
  const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

  test('goes on after a picture that its decoder cannot take', async () => {
    const thread = new ThumbnailThread(realClock, new URL(inject('workers')));
    try {
      expect(await thread.make(owned(PICTURE.subarray(0, 900)))).toBeNull();
      expect(await thread.make(owned(PICTURE))).toEqual(makeThumbnail(PICTURE));
      expect(await thread.make(owned(bomb(60_000, 60_000)))).toBeNull();
      expect(await thread.make(owned(bomb(3_000, 3_000)))).toBeNull();
      expect(await thread.make(owned(PICTURE))).toEqual(makeThumbnail(PICTURE));
    } finally {
      thread.stop();
    }
  });

  test('is ended where one takes too long, and where nobody wants it any more', async () => {
    const clock = new HandClock();
    const thread = new ThumbnailThread(clock, new URL(inject('workers')));
    const slow = thread.make(owned(PICTURE));
    clock.turn(10_000);
    expect(await slow).toBeNull();
    const unwanted = thread.make(owned(PICTURE));
    thread.stop();
    expect(await unwanted).toBeNull();
  });
});
