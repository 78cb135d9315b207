import { expect, test } from 'vitest';
import { SendThumbnails } from '../../../electron/engine/transfer/send-thumbnails.ts';
import type { Source, SourceFile } from '../../../electron/engine/transfer/source.ts';
import type { Entry } from '../../../shared/protocol/messages.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** If this fails, a page of the browser is read by nobody until it is closed. */
test('an answer that comes while the wire has no room opens nothing again', async () => {
  const entries: Entry[] = ['a.jpg', 'b.jpg'].map((name) => ({
    kind: 'file',
    path: [name],
    bytes: 4,
  }));
  const did: string[] = [];
  const file: SourceFile = {
    read: (target) => target.length,
    stamp: '',
    check: () => '',
    close: () => undefined,
  };
  const reading = {
    open: (index: number) => {
      did.push(`open ${index}`);
      return file;
    },
    close: () => did.push('close'),
  };
  const source: Source = { entries, ...reading, beside: () => reading };
  let hasRoom = (): void => undefined;
  const said = new Promise<void>((saying) => {
    const thumbnails = new SendThumbnails({
      source,
      indexes: [0, 1],
      clock: new HandClock(),
      openMaker: () => ({ make: (picture) => Promise.resolve(picture), stop: () => undefined }),
      say: () =>
        new Promise<void>((resolve) => {
          hasRoom = resolve;
          thumbnails.stop();
          saying();
        }),
    });
    void thumbnails.run().then(() => did.push('end'));
  });
  await said;
  hasRoom();
  await expect.poll(() => did).toContain('end');
  expect(did).toEqual(['open 0', 'close', 'end']);
});
