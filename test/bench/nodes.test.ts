import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WrongArguments } from './arguments.ts';
import { askNodes } from './nodes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-bench-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, says: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(process.platform === 'win32')('the Nodes of a bench', () => {
  it('are asked for their versions', () => {
    const other = program('other', '1.2.3 4.5.6');
    expect(askNodes([process.execPath, other])).toEqual([
      {
        path: process.execPath,
        version: process.versions.node,
        openssl: process.versions.openssl,
      },
      { path: other, version: '1.2.3', openssl: '4.5.6' },
    ]);
  });

  it('are refused where two have one version', () => {
    const paths = [program('a', '1.2.3 4.5.6'), program('b', '1.2.3 4.5.7')];
    expect(() => askNodes(paths)).toThrow(WrongArguments);
    expect(() => askNodes(paths)).toThrow('both Node 1.2.3');
  });

  it.each([
    ['is not there', () => join(folder, 'missing')],
    ['fails', () => '/bin/false'],
    ['says something else', () => program('cat', 'no versions')],
  ])('are refused where one %s', (_, path) => {
    expect(() => askNodes([path()])).toThrow(WrongArguments);
  });
});
