import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { JournalHeader } from '../../../electron/engine/transfer/journal-records.ts';
import { JournalShelf, MAX_RECEIPTS } from '../../../electron/engine/transfer/journal-shelf.ts';
import { Journal } from '../../../electron/engine/transfer/journal.ts';
import type { FileSystem } from '../../../electron/engine/transfer/ports.ts';
import { KEEP_BOTH } from '../../../shared/model/plan.ts';
import type { TransferId } from '../../../shared/model/transfer.ts';
import { plainPath } from '../../support/plain-path.ts';
import { Proxy } from '../../support/proxy.ts';
import { Bench } from '../../support/transfer-pair.ts';
import { putFile } from '../../support/trees.ts';

/** If these fail, a drive that was unplugged keeps the program from its port, or a cancel goes on for ever. */

const MIB = 1024 * 1024;

let bench: Bench;
afterEach(() => bench.remove());

/** A folder that answers no more than its names, as one without permission, or on a drive that is going. */
class Closing {
  isClosed = false;
  directory = '';

  readonly fs: Partial<FileSystem> = {
    lstatSync: this.#unlessClosed(fs.lstatSync),
    unlinkSync: this.#unlessClosed(fs.unlinkSync),
    openSync: this.#unlessClosed(fs.openSync),
  };

  #unlessClosed<F extends (...args: never[]) => unknown>(run: F): F {
    return ((...args: Parameters<F>) => {
      const path = plainPath(String(args[0]));
      if (this.isClosed && path.startsWith(this.directory)) {
        throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      }
      return run(...args);
    }) as F;
  }
}

test.each(['while it streams', 'while it waits for its sender', 'after a restart'])(
  'a transfer whose folder cannot be looked at is cancelled %s',
  async (moment) => {
    bench = new Bench();
    const closing = new Closing();
    const sender = await bench.sender();
    let receiver = await bench.receiver({ fs: closing.fs });
    closing.directory = receiver.directory;
    const proxy = await Proxy.open(receiver.port);
    const cuts = moment !== 'while it streams';
    proxy.setFates(cuts ? { cutAfterBytes: 2 * MIB } : { stallAfterBytes: 2 * MIB });
    const id = await sender.send([putFile(bench.path('big.bin'), 4 * MIB)], proxy.port, {
      retryForMs: cuts ? 0 : 60_000,
    });
    await receiver.event('started', id);
    if (cuts) await receiver.event('interrupted', id);
    if (moment === 'after a restart') {
      await receiver.stop();
      closing.isClosed = true;
      const { identity, directory, home } = receiver;
      receiver = await bench.receiver({ identity, fs: closing.fs, place: { directory, home } });
      await receiver.event('restored', id);
    }
    closing.isClosed = true;
    await receiver.cancel(id);
    await receiver.outcome('cancelled', id);
    closing.isClosed = false;
    await receiver.stop();
    const { identity, directory, home } = receiver;
    const again = await bench.receiver({ identity, place: { directory, home } });
    expect(again.all('restored', id)).toEqual([]);
    expect(fs.readdirSync(directory)).toEqual([]);
    expect(fs.readdirSync(join(home, 'journal'))).toEqual([]);
    await proxy.stop();
  },
);

test('a start goes on past receipts whose folder cannot be looked at', async () => {
  bench = new Bench();
  const closing = new Closing();
  const receiver = await bench.receiver();
  await receiver.stop();
  closing.directory = receiver.directory;
  const shelf = new JournalShelf(fs, receiver.home);
  const kept = `.dropline-undo-${'0'.repeat(16)}/0`;
  const path = join(receiver.directory, 'a');
  for (let n = 0; n <= MAX_RECEIPTS; n++) {
    const transferId = n.toString(16).padStart(32, '0') as TransferId;
    const journal = Journal.write(fs, shelf.receiptOf(transferId), headerOf(transferId), []);
    journal.append({ record: 'replacing', index: 0, path, kept, hash: '0'.repeat(64) });
    await journal.close();
  }
  closing.isClosed = true;
  const { identity, directory, home } = receiver;
  const again = await bench.receiver({ identity, fs: closing.fs, place: { directory, home } });
  expect(again.port).toBeGreaterThan(0);
  expect(fs.readdirSync(join(home, 'receipts')).length).toBe(MAX_RECEIPTS + 1);

  function headerOf(transferId: TransferId): JournalHeader {
    return {
      transferId,
      token: '0'.repeat(16),
      peer: { id: null, name: '', address: '' },
      entriesKey: '',
      hash: 'sha256',
      directory: receiver.directory,
      items: [],
      itemCount: 0,
      totals: { files: 0, directories: 0, bytes: 0 },
      leftOut: 0,
      skip: [],
      startedAtMs: 0,
      existing: KEEP_BOTH,
      merged: [],
    };
  }
});
