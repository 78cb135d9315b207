import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { CHANNELS } from '../../electron/desktop/requests.ts';

/** What must hold of the text of the program itself, whatever it does when it runs. */

const root = resolve(import.meta.dirname, '../..');

interface Place {
  readonly file: string;
  readonly node: ts.Node;
}

const sources = new Map(
  readdirSync(join(root, 'electron'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, 'electron', file))
    .map((file) => [
      relative(root, file).replaceAll('\\', '/'),
      ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true),
    ]),
);

function find(matches: (node: ts.Node) => boolean, files = [...sources.keys()]): Place[] {
  const found: Place[] = [];
  for (const file of files) {
    const walk = (node: ts.Node) => {
      if (matches(node)) found.push({ file, node });
      ts.forEachChild(node, walk);
    };
    const source = sources.get(file);
    if (source !== undefined) walk(source);
  }
  return found;
}

const filesOf = (places: readonly Place[]) => [...new Set(places.map(({ file }) => file))];

const importsOf = (module: string | RegExp) =>
  find(
    (node) =>
      ts.isImportDeclaration(node) &&
      ts.isStringLiteral(node.moduleSpecifier) &&
      (module instanceof RegExp
        ? module.test(node.moduleSpecifier.text)
        : node.moduleSpecifier.text === module),
  );

const named = (name: string) => find((node) => ts.isIdentifier(node) && node.text === name);

const textIn = (file: string) =>
  find(ts.isStringLiteralLike, [file]).map(({ node }) => (node as ts.StringLiteralLike).text);

const PRELOAD = 'electron/desktop/preload.ts';

test('the sources are found', () => {
  expect([...sources.keys()]).toContain(PRELOAD);
  expect(sources.size).toBeGreaterThan(15);
});

test('only the desktop face knows Electron', () => {
  const outside = filesOf(importsOf('electron')).filter(
    (file) => !file.startsWith('electron/desktop/'),
  );
  expect(outside).toEqual([]);
  expect(importsOf('electron')).not.toEqual([]);
});

test('a window is made in one place', () => {
  const made = find(
    (node) => ts.isNewExpression(node) && node.expression.getText() === 'BrowserWindow',
  );
  expect(filesOf(made)).toEqual(['electron/desktop/window.ts']);
  expect(made).toHaveLength(1);
});

test('requests of the page are taken in one place', () => {
  expect(filesOf(named('ipcMain'))).toEqual(['electron/desktop/ipc.ts']);
});

test('the frame that asks is read before anything is awaited', () => {
  const reads = named('senderFrame');
  expect(filesOf(reads)).toEqual(['electron/desktop/ipc.ts']);
  for (const { node } of reads) {
    let at: ts.Node = node;
    while (!ts.isFunctionLike(at)) at = at.parent;
    expect(ts.getModifiers(at as ts.ArrowFunction) ?? []).toEqual([]);
  }
});

test('the program hands nothing but links to the system to open, and loads no file as a page', () => {
  expect(filesOf(named('openExternal'))).toEqual(['electron/desktop/open-link.ts']);
  expect(named('openExternal')).toHaveLength(1);
  const forbidden = ['openPath', 'loadFile', 'setAsDefaultProtocolClient'];
  expect(forbidden.flatMap((name) => filesOf(named(name)))).toEqual([]);
  const fileUrls = filesOf(importsOf('electron')).flatMap((file) =>
    textIn(file).filter((text) => text.startsWith('file:')),
  );
  expect(fileUrls).toEqual([]);
});

test('the file manager is shown only what the engine asks for', () => {
  expect(filesOf(named('showItemInFolder'))).toEqual(['electron/desktop/main.ts']);
  expect(named('showItemInFolder')).toHaveLength(1);
});

test('no process is forked: the packaged program could not', () => {
  const forks = importsOf(/^(node:)?child_process$/).flatMap(({ file }) =>
    named('fork').filter((place) => place.file === file),
  );
  expect(filesOf(forks)).toEqual([]);
});

test('the preload imports Electron and the types of the contract, and nothing that runs', () => {
  const imports = importsOf(/./).filter(({ file }) => file === PRELOAD);
  const values = imports.filter(
    ({ node }) =>
      (node as ts.ImportDeclaration).importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword,
  );
  const module = ({ node }: Place) =>
    ((node as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral).text;
  expect(values.map(module)).toEqual(['electron']);
  expect(
    imports.map(module).every((name) => name === 'electron' || name.includes('/shared/')),
  ).toBe(true);
});

test('the preload exposes one frozen object and speaks on the channels that are served', () => {
  const exposed = named('exposeInMainWorld').map(({ node }) =>
    (node.parent.parent as ts.CallExpression).arguments.map((part) => part.getText()),
  );
  expect(exposed).toEqual([["'dropline'", 'api']]);
  const api = find((node) => ts.isVariableDeclaration(node) && node.name.getText() === 'api');
  const made = (api[0]?.node as ts.VariableDeclaration).initializer as ts.CallExpression;
  expect(made.expression.getText()).toBe('Object.freeze');
  const spoken = textIn(PRELOAD).filter((text) => text.startsWith('dropline:'));
  expect(new Set(spoken)).toEqual(new Set([...CHANNELS, 'dropline:snapshot', 'dropline:asked']));
});
