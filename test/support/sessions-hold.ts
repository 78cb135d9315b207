import fc from 'fast-check';
import { expect } from 'vitest';
import type { MemoryEntry } from './memory-tree.ts';
import { bytesOf } from './memory-tree.ts';
import { chunking } from './protocol-arbitraries.ts';
import { mutation, tamperWith } from './wire-faults.ts';
import type { WireResult } from './wire.ts';
import { runSession } from './wire.ts';

/**
 * What every session must keep, whatever was done to its frames: an end on both sides; files whole or
 * not there; nothing written but what was offered, accepted and declared.
 */
export function expectSafe({ sender, receiver }: WireResult, sent: readonly MemoryEntry[]): void {
  expect(sender.outcome).not.toBeNull();
  expect(receiver.outcome).not.toBeNull();
  expect(sender.state.phase).toBe('ended');
  expect(receiver.state.phase).toBe('ended');
  expectWritesInBounds(receiver);
  if (receiver.outcome?.kind !== 'done') {
    expect(receiver.files.size).toBe(0);
    return;
  }
  const failed = new Set(receiver.problems.map(({ index }) => index));
  const wanted = sent.filter(({ content }, index) => content !== null && !failed.has(index));
  expect([...receiver.files.keys()].sort()).toEqual(
    wanted.map(({ path }) => path.join('/')).sort(),
  );
  for (const { path, content } of wanted) {
    const saved = receiver.files.get(path.join('/'));
    expect(saved && content && Buffer.compare(saved, content)).toBe(0);
  }
}

function expectWritesInBounds(receiver: WireResult['receiver']): void {
  const written = new Map<number, number>();
  for (const { index, offset, bytes, phase } of receiver.writes) {
    const entry = receiver.entries.at(index);
    expect(phase).toBe('receiving');
    expect(entry?.kind).toBe('file');
    if (entry?.kind !== 'file') return;
    expect(offset + bytes).toBeLessThanOrEqual(entry.bytes);
    // ranges only rise, so nothing is written twice either
    expect(offset).toBeGreaterThanOrEqual(written.get(index) ?? 0);
    written.set(index, offset + bytes);
  }
}

export const SMALL: readonly MemoryEntry[] = [
  { path: ['a', 'x'], content: bytesOf(3000, 1) },
  { path: ['a', 'empty'], content: new Uint8Array(0) },
  { path: ['a', 'b'], content: null },
  { path: ['y'], content: bytesOf(100, 2) },
];

/** Fuzz target 2: several frames of a session are dropped, doubled, swapped, cut or changed. */
export const sessionsHold = fc.property(
  fc.array(mutation, { minLength: 1, maxLength: 6 }),
  chunking,
  (several, chunk) => {
    const sender = { tree: SMALL, dataFrameBytes: 500 };
    expectSafe(runSession({ sender, chunk, tamper: tamperWith(several) }), SMALL);
  },
);
