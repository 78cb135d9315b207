import { expect } from 'vitest';
import { realFileSystem } from '../../electron/engine/transfer/ports.ts';
import { readReceipt } from '../../electron/engine/transfer/read-receipt.ts';
import type { VerifyOptions } from '../../electron/engine/transfer/verify-receipt.ts';
import { verifyReceipt } from '../../electron/engine/transfer/verify-receipt.ts';
import type { CheckResult } from '../../shared/model/check.ts';
import type { ReceivedTree } from './received-tree.ts';

/** What is told of what is in it now. */
export async function verify(
  tree: ReceivedTree,
  arrived: number,
  more: Partial<VerifyOptions> = {},
): Promise<CheckResult | null> {
  const fs = more.fs ?? realFileSystem;
  const receipt = await readReceipt(fs, tree.receipt, () => true);
  if (receipt === null) throw new Error('there is no receipt');
  return verifyReceipt(receipt, {
    fs,
    arrived,
    isWanted: () => true,
    onBytes: () => undefined,
    ...more,
  });
}

/** By the path of each file that is not as it arrived, why. */
export function told(result: CheckResult | null): Record<string, string> {
  if (result === null) throw new Error('it was stopped');
  const { files, intact, changed, missing, unchecked } = result;
  const all = [changed, missing, unchecked];
  expect(intact + all.reduce((sum, { count }) => sum + count, 0)).toBe(files);
  return Object.fromEntries(all.flatMap(({ examples }) => examples).map((p) => [p.path, p.code]));
}
