import { expect, test } from 'vitest';
import { SnapshotFeed } from '../../electron/desktop/snapshot-feed.ts';
import { aSnapshot } from './samples.ts';

/** Notices count the snapshots, so that a test can tell one from the next. */
function feedOf() {
  let version = 0;
  const pushed: number[] = [];
  const numbered = (count: number) =>
    aSnapshot({
      notices: [{ id: String(count), failure: { code: 'INTERNAL', details: {} } }],
    });
  const feed = new SnapshotFeed(
    () => numbered(version),
    (snapshot) => pushed.push(Number(snapshot.notices[0]?.id)),
  );
  const change = () => {
    version += 1;
    feed.changed();
  };
  return { feed, pushed, change };
}

test('says nothing to a window that has not asked', () => {
  const { pushed, change } = feedOf();
  change();
  expect(pushed).toEqual([]);
});

test('gives the latest at once to a page that has loaded', () => {
  const { feed, pushed, change } = feedOf();
  change();
  feed.watch();
  expect(pushed).toEqual([1]);
});

test('keeps only the newest while the page is busy', () => {
  const { feed, pushed, change } = feedOf();
  feed.watch();
  change();
  change();
  change();
  expect(pushed).toEqual([0]);
  feed.seen();
  expect(pushed).toEqual([0, 3]);
});

test('sends nothing twice', () => {
  const { feed, pushed } = feedOf();
  feed.watch();
  feed.seen();
  feed.seen();
  expect(pushed).toEqual([0]);
});

test('sends at once to a page that has seen the last', () => {
  const { feed, pushed, change } = feedOf();
  feed.watch();
  feed.seen();
  change();
  expect(pushed).toEqual([0, 1]);
});

test('starts anew with a page that was loaded again before it had seen anything', () => {
  const { feed, pushed, change } = feedOf();
  feed.watch();
  change();
  feed.watch();
  expect(pushed).toEqual([0, 1]);
  feed.seen();
  expect(pushed).toEqual([0, 1]);
});
