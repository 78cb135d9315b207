import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  NOT,
  bench,
  listed,
  offered,
  receiver,
  restartReceiver,
  saved,
  sender,
  useOffers,
} from '../../support/choosing-place.ts';
import { Proxy } from '../../support/proxy.ts';
import { putFile, readTree } from '../../support/trees.ts';

/** What a person has taken some of stays so, however often the wire is cut. */

const MIB = 1024 * 1024;

useOffers();

describe('a transfer that is cut off keeps to the choice', () => {
  let proxy: Proxy;

  beforeEach(async () => {
    proxy = await Proxy.open(receiver.port);
    receiver.choice = NOT('photos/a.jpg', 'photos/only', 'photos/empty', 'note.txt');
  });
  afterEach(() => proxy.stop());

  function expectSome(): void {
    const tree = ['photos/b.jpg', 'photos/old', 'photos/old/c.jpg', 'photos/old/d.jpg'];
    expect(saved()).toEqual(['film.bin', 'photos', ...tree]);
    const sent = readTree(bench.path('photos'));
    for (const [name, entry] of readTree(join(receiver.directory, 'photos'))) {
      expect(entry).toEqual(sent.get(name));
    }
  }

  test('over another connection', async () => {
    proxy.setFates({ cutAfterBytes: 7 * MIB });
    const id = await sender.send(offered(3 * MIB), proxy.port);
    await receiver.event('interrupted', id);
    receiver.choice = []; // nobody is asked again
    const done = await sender.outcome('delivered', id);
    expect(done).toMatchObject({ files: 4, bytes: 12 * MIB, failed: { count: 0 } });
    await receiver.outcome('delivered', id);
    expect(receiver.all('offered', id)).toHaveLength(1);
    for (const end of [sender, receiver]) {
      const told = end.all('started', id).map(({ unwanted }) => unwanted);
      expect(told.map((one) => [one?.files, one?.bytes])).toEqual([
        [3, 9 * MIB],
        [3, 9 * MIB],
      ]);
    }
    expectSome();
  });

  test.each(['the same id', 'another id'])(
    'over a restart of both sides, under %s',
    async (how) => {
      proxy.setFates({ cutAfterBytes: 7 * MIB });
      const paths = offered(3 * MIB);
      const id = await sender.send(paths, proxy.port, { retryForMs: 0 });
      await sender.outcome('failed', id);
      await receiver.event('interrupted', id);
      await restartReceiver();
      const restored = await receiver.event('restored', id);
      expect(restored.unwanted).toMatchObject({ files: 3, directories: 3, bytes: 9 * MIB });
      expect(await listed(id)).toHaveLength(4);
      const again = await bench.sender({ identity: sender.identity });
      const more = how === 'the same id' ? { transferId: id } : {};
      const next = await again.send(paths, receiver.port, more);
      expect(await again.outcome('delivered', next)).toMatchObject({ files: 4, bytes: 12 * MIB });
      const { keptBytes } = await receiver.event('started', next);
      expect(keptBytes).toBeGreaterThan(2 * MIB);
      expect(receiver.all('offered', next)).toEqual([]);
      await receiver.outcome('delivered', next);
      expectSome();
    },
  );

  test('and when its sender comes back only to hear that all is done', async () => {
    const paths = offered();
    const id = await sender.send(paths, receiver.port);
    await sender.outcome('delivered', id);
    await restartReceiver();
    const again = await bench.sender({ identity: sender.identity });
    await again.send(paths, receiver.port, { transferId: id });
    const done = await again.outcome('delivered', id);
    expect(done).toMatchObject({ files: 4, sentBytes: 0, failed: { count: 0 } });
    expectSome();
  });

  test('and what a newer version brings is asked for, and takes over none of what is unwanted', async () => {
    proxy.setFates({ cutAfterBytes: 7 * MIB });
    const paths = offered(3 * MIB);
    const id = await sender.send(paths, proxy.port, { retryForMs: 0 });
    await sender.outcome('failed', id);
    await receiver.event('interrupted', id);
    // b.jpg has come; now it is the one that nobody wants
    receiver.choice = NOT('photos/b.jpg', 'photos/old', 'photos/only', 'note.txt', 'film.bin');
    putFile(bench.path('note.txt'), 5, 9);
    const next = await sender.send(paths, receiver.port);
    await receiver.outcome('delivered', next);
    expect(receiver.all('superseded', id)).toHaveLength(1);
    expect(saved()).toEqual(['photos', 'photos/a.jpg', 'photos/empty']);
    expect(existsSync(join(receiver.directory, 'photos', 'b.jpg'))).toBe(false);
    expect(readFileSync(join(receiver.directory, 'photos', 'a.jpg')).length).toBe(3 * MIB);
  });
});
