import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkImports } from '../../build/setup/imports.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dropline-imports-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Writes a module that imports what is listed, and exports something to import. */
function put(path: string, ...imports: readonly string[]): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  const lines = imports.map((from) => `import '${from}';\n`);
  writeFileSync(file, `${lines.join('')}export const name = 1;\n`);
}

/** A small house in which every line is straight. */
function putCleanTree(): void {
  put('shared/contract.ts', './errors.ts');
  put('shared/errors.ts');
  put('shared/protocol/frame.ts', '../errors.ts');
  put('electron/engine/engine.ts', '../../shared/contract.ts', './transfer/manager.ts');
  put('electron/engine/transfer/manager.ts', '../../../shared/protocol/frame.ts', 'node:net');
  put('electron/engine/discovery/worker.ts', '../../../shared/errors.ts');
  put('electron/desktop/main.ts', '../engine/engine.ts', '../../shared/contract.ts');
  put('electron/desktop/preload.ts', '../../shared/contract.ts');
  put('electron/terminal/main.ts', '../engine/engine.ts');
  put('electron/gateway/server.ts', '../engine/engine.ts');
  put('renderer/app.tsx', './features/peers/list.tsx', './features/send/zone.tsx');
  put('renderer/ui/button.tsx');
  put('renderer/features/peers/list.tsx', '../../ui/button.tsx', '../../../shared/contract.ts');
  put('renderer/features/send/zone.tsx', '../../ui/button.tsx');
  put('test/engine.test.ts', '../electron/engine/discovery/worker.ts');
}

describe('the import rules', () => {
  it('let a tree through in which every line is straight', async () => {
    putCleanTree();
    expect(await checkImports(root)).toEqual({ modules: 15, problems: [] });
  });

  it.each([
    ['shared-is-pure', 'shared/errors.ts', 'node:fs'],
    ['shared-is-pure', 'shared/errors.ts', '../electron/engine/transfer/manager.ts'],
    [
      'transfer-and-discovery-stand-alone',
      'electron/engine/transfer/manager.ts',
      '../discovery/worker.ts',
    ],
    [
      'transfer-and-discovery-stand-alone',
      'electron/engine/discovery/worker.ts',
      '../transfer/manager.ts',
    ],
    ['engine-has-no-face', 'electron/engine/engine.ts', '../gateway/server.ts'],
    ['only-the-desktop-knows-electron', 'electron/engine/engine.ts', 'electron'],
    ['only-the-desktop-knows-electron', 'renderer/app.tsx', 'electron'],
    ['a-face-stands-on-the-engine', 'electron/terminal/main.ts', '../desktop/main.ts'],
    ['a-face-stands-on-the-engine', 'electron/gateway/server.ts', '../terminal/main.ts'],
    ['a-face-stands-on-the-engine', 'electron/desktop/main.ts', '../engine/transfer/manager.ts'],
    ['preload-is-small', 'electron/desktop/preload.ts', '../../shared/errors.ts'],
    ['preload-is-small', 'electron/desktop/preload.ts', 'node:fs'],
    ['window-is-a-page', 'renderer/app.tsx', '../shared/protocol/frame.ts'],
    ['window-is-a-page', 'renderer/app.tsx', '../electron/engine/engine.ts'],
    ['window-has-no-node', 'renderer/app.tsx', 'node:fs'],
    ['ui-knows-nothing-of-dropline', 'renderer/ui/button.tsx', '../../shared/errors.ts'],
    ['a-feature-stands-alone', 'renderer/features/peers/list.tsx', '../send/zone.tsx'],
    ['nobody-imports-test', 'shared/errors.ts', '../test/engine.test.ts'],
    ['no-cycle', 'shared/errors.ts', './contract.ts'],
    ['no-orphan', 'electron/engine/forgotten.ts', undefined],
    ['resolvable', 'shared/errors.ts', './missing.ts'],
  ])('refuse by %s what %s does with %s', async (rule, file, imported) => {
    putCleanTree();
    if (imported === undefined) put(file);
    else put(file, imported);
    const { problems } = await checkImports(root);
    expect(problems.filter((line) => line.endsWith(`: ${rule}`))).toEqual([
      expect.stringContaining(file),
    ]);
  });

  it('fail when there is nothing to check, and do not call that a success', async () => {
    expect(await checkImports(root)).toEqual({
      modules: 0,
      problems: ['no modules found: nothing was checked'],
    });
  });
});
