import type { Mutant } from './mutant.ts';

/** Seeded bugs that would lose, mix up or overwrite what people send. */

const TRANSFER = 'electron/engine/transfer/';

export const RELIABILITY: readonly Mutant[] = [
  {
    name: 'publish before fsync',
    file: `${TRANSFER}sync-queue.ts`,
    find: 'this.#fs.fsync(fd, (error) => {',
    replace:
      '((_: number, then: (error: Error | null) => void) => { then(null); })(fd, (error) => {',
    tests: ['test/faults/f03-power-loss.test.ts'],
  },
  {
    name: 'no fsync where it would be quick',
    file: `${TRANSFER}sync-queue.ts`,
    find: 'errorOf(() => this.#fs.fsyncAtOnce?.(fd));',
    replace: 'errorOf(() => undefined);',
    tests: ['test/engine/transfer/sync-pace.test.ts'],
  },
  {
    name: 'names before the journal',
    file: `${TRANSFER}publisher.ts`,
    find: 'journal.append(...going.map(intentOf));\n    await journal.sync();',
    replace: 'await Promise.resolve();',
    tests: ['test/faults/f13-crash-while-publishing.test.ts', 'test/faults/f03-power-loss.test.ts'],
  },
  {
    name: 'no fsync of the folder before the last word',
    file: `${TRANSFER}destination.ts`,
    find: 'await this.#syncs.directory(directory);',
    replace: 'await Promise.resolve(directory);',
    tests: ['test/faults/f03-power-loss.test.ts'],
  },
  {
    name: 'skip the block check',
    file: `${TRANSFER}proven-claims.ts`,
    find: 'return equalBytes(own.subarray(at, at + HASH_BYTES), claimed.subarray(at, at + HASH_BYTES));',
    replace: 'return own.length >= at && claimed.length >= at;',
    tests: ['test/engine/transfer/restart.test.ts', 'test/faults/f11-damaged-parts.test.ts'],
  },
  {
    name: 'believe the journal without reading the file',
    file: `${TRANSFER}restored.ts`,
    find: 'return found !== null && equalBytes(found, hash);',
    replace: 'return hash.length > 0 || found !== null;',
    tests: ['test/faults/f11-damaged-parts.test.ts'],
  },
  {
    name: 'rename over what is there',
    file: `${TRANSFER}publish.ts`,
    find: 'fs.linkSync(part, path);',
    replace: 'fs.renameSync(part, path);\n    return;',
    tests: ['test/engine/transfer/disk.test.ts'],
  },
  {
    name: 'keep a file whose hash differs',
    file: `${TRANSFER}destination.ts`,
    find: 'this.parts.holds(index, declared) ? this.parts.finish(index) : null;',
    replace: 'this.parts.finish(index);',
    tests: ['test/engine/transfer/wrong-hash.test.ts'],
  },
  {
    name: 'do not notice that the source changed',
    file: `${TRANSFER}source.ts`,
    find: "if (!same) throw new DroplineError('SOURCE_CHANGED', { path });",
    replace: "if (!same && path === '') throw new DroplineError('SOURCE_CHANGED', { path });",
    tests: ['test/faults/f09-source-changes.test.ts', 'test/engine/transfer/faults.test.ts'],
  },
  {
    name: 'anybody may go on with it',
    file: `${TRANSFER}held-deliveries.ts`,
    find: '(held) => held.peerId === peerId && held.entriesKey === entriesKey && !isFinished(held),',
    replace: '(held) => held.entriesKey === entriesKey && !isFinished(held),',
    tests: ['test/engine/transfer/restart.test.ts'],
  },
  {
    name: 'clean up by the look of a name',
    file: `${TRANSFER}staged-removal.ts`,
    find: '  const prefix = stagingPrefix(token);\n  let names: string[];',
    replace: "  const prefix = token === '' ? token : '.dropline-';\n  let names: string[];",
    tests: ['test/engine/transfer/disk.test.ts'],
  },
  {
    name: 'throw away what a cut wire left',
    file: `${TRANSFER}interruption.ts`,
    find: "return outcome.kind === 'failed' && !WORTHLESS.has(outcome.failure.code);",
    replace: "return outcome.kind === 'done' && WORTHLESS.size === 0;",
    tests: ['test/faults/f02-sender-killed.test.ts', 'test/engine/transfer/resume.test.ts'],
  },
  {
    name: 'send a small file that was written to while it was read',
    file: `${TRANSFER}small-file.ts`,
    find: 'if (file.check() !== file.stamp) return null;',
    replace: '',
    tests: ['test/engine/transfer/small-file.test.ts'],
  },
  {
    name: 'send ahead of what the disk has',
    file: `${TRANSFER}send-stream.ts`,
    find: 'const room = SEND_WINDOW_BYTES - (this.#ownBytes - this.#ackedBytes);',
    replace: 'const room = 16 * SEND_WINDOW_BYTES - (this.#ownBytes - this.#ackedBytes);',
    tests: ['test/engine/transfer/send-window.test.ts'],
  },
  {
    name: 'a lane that is given up writes on',
    file: `${TRANSFER}spread-blocks.ts`,
    find: 'if (block.offset !== offset) continue;',
    replace: 'continue;',
    tests: ['test/engine/transfer/lanes-given-up.test.ts'],
  },
  {
    name: 'what a lost lane had is not sent again',
    file: `${TRANSFER}send-lanes.ts`,
    find: 'this.#givenBack.push(...lane.unacked);',
    replace: '',
    tests: ['test/engine/transfer/lanes-in-memory.test.ts'],
  },
  {
    name: 'lanes that go take with them what others lost',
    file: `${TRANSFER}send-lanes.ts`,
    find: 'this.#doubt(lane.unfinishedBytes);',
    replace: '',
    tests: ['test/engine/transfer/lanes-given-up.test.ts'],
  },
  {
    name: 'a block that has come is written again',
    file: `${TRANSFER}spread-blocks.ts`,
    find: 'if (this.#whole.has(offset)) {',
    replace: 'if (this.#whole.delete(offset) && offset < 0) {',
    tests: ['test/engine/transfer/lanes-given-up.test.ts'],
  },
  {
    name: 'each lane has a window of its own',
    file: `${TRANSFER}send-lanes.ts`,
    find: 'return underWayBytes + BLOCK_BYTES <= MAX_UNDER_WAY_BYTES;',
    replace: 'return underWayBytes >= 0;',
    tests: ['test/engine/transfer/lanes-given-up.test.ts'],
  },
  {
    name: 'a lane takes no turns',
    file: `${TRANSFER}turn-reader.ts`,
    find: 'if (this.#steps < FRAME_STEPS_PER_TURN) return;',
    replace: 'if (this.#steps < FRAME_STEPS_PER_TURN || this.#late) return;',
    tests: ['test/engine/transfer/turns.test.ts'],
  },
];
