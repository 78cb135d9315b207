import { statSync } from 'node:fs';
import { expect } from 'vitest';

/** Nobody else may read it: by its mode, but on Windows by the rights of the profile that it is in. */
export function expectOwnerOnly(path: string): void {
  if (process.platform === 'win32') return;
  expect(statSync(path).mode & 0o077).toBe(0);
}
