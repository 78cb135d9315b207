import { connect } from 'node:net';
import { readFileSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stick } from '../../support/stick.ts';
import type { TestSender } from '../../support/transfer-pair.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { leftovers, putFile } from '../../support/trees.ts';

/**
 * If these fail, a folder that has one name with a colon or two that differ in a letter's case does not reach
 * a USB stick: all of it fails at that name, with nothing to choose.
 */
describe.runIf(process.platform === 'linux')('a receiver whose folder is on a stick', () => {
  const bench = new Bench();
  let sender: TestSender;

  beforeAll(async () => {
    sender = await bench.sender();
  });
  afterAll(() => bench.remove());

  test('gives each file a name that the stick takes, and shows that before', async () => {
    const receiver = await bench.receiver({ fs: stick });
    receiver.accepts = false;
    const album = bench.path('Notes: 2026');
    const names = ['Case.txt', 'Straße?*.txt', 'case.TXT', 'ends with a dot.', 'plain.txt'];
    names.forEach((name, seed) => putFile(join(album, name), 100, seed));
    const id = await sender.send([album], receiver.port);
    await receiver.event('offered', id);
    await receiver.plan(id);
    const { plan } = await receiver.event('planned', id);
    expect(plan?.renamed).toEqual({
      count: 4,
      examples: [
        { from: 'Notes: 2026', to: 'Notes_ 2026' },
        { from: 'Notes: 2026/Straße?*.txt', to: 'Notes_ 2026/Straße__.txt' },
        { from: 'Notes: 2026/case.TXT', to: 'Notes_ 2026/case (2).TXT' },
        { from: 'Notes: 2026/ends with a dot.', to: 'Notes_ 2026/ends with a dot_' },
      ],
    });
    await receiver.accept(id);
    for (const end of [sender, receiver]) {
      expect(await end.outcome('delivered', id)).toMatchObject({ files: 5, failed: { count: 0 } });
    }
    const saved = join(receiver.directory, 'Notes_ 2026');
    expect(readdirSync(saved).sort()).toEqual([
      'Case.txt',
      'Straße__.txt',
      'case (2).TXT',
      'ends with a dot_',
      'plain.txt',
    ]);
    expect(readFileSync(join(saved, 'case (2).TXT'))).toEqual(
      readFileSync(join(album, 'case.TXT')),
    );
    expect(leftovers(receiver.directory)).toEqual([]);
  });

  test('does the same in the bare exchange', async () => {
    const receiver = await bench.receiver({ fs: stick, mode: 'plain' });
    const socket = connect(receiver.port, '127.0.0.1');
    socket.write('a: b?.txt\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.end('hello');
    await new Promise((resolve) => socket.once('close', resolve));
    await receiver.tidy();
    expect(readdirSync(receiver.directory)).toEqual(['a_ b_.txt']);
  });

  test('delivers nothing where all is too big for it, and says so on both sides', async () => {
    const receiver = await bench.receiver({ fs: stick });
    const film = putFile(bench.path('film.mov'), 0);
    truncateSync(film, 4 * 1024 ** 3);
    const id = await sender.send([film], receiver.port);
    for (const end of [sender, receiver]) {
      const { failure } = await end.outcome('failed', id);
      expect(failure.code).toBe('FILE_TOO_BIG');
    }
    expect(readdirSync(receiver.directory)).toEqual([]);
  });
});
