import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { printable } from '../../electron/terminal/words.ts';
import { Name, shownName } from '../../renderer/ui/name.tsx';
import { cleanDeviceName } from '../../shared/protocol/device-name.ts';
import { rows } from '../support/hostile-names.ts';

/** What must hold of everything that ships, by its text (the table in SECURITY.md). */

const root = resolve(import.meta.dirname, '../..');
const sources = ['electron', 'renderer', 'shared'].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(root, top, file))
    .map((file) => ({
      file: relative(root, file).replaceAll('\\', '/'),
      tree: ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true),
    })),
);

function find(matches: (node: ts.Node) => boolean): string[] {
  const found: string[] = [];
  for (const { file, tree } of sources) {
    const walk = (node: ts.Node): void => {
      if (matches(node)) found.push(`${file}: ${node.getText()}`);
      ts.forEachChild(node, walk);
    };
    walk(tree);
  }
  return found;
}

const named = (name: string) => find((node) => ts.isIdentifier(node) && node.text === name);
const fileOf = (place: string) => place.split(':')[0];

test('the sources are found', () => {
  expect(sources.length).toBeGreaterThan(250);
});

test('E10: no text becomes markup or code', () => {
  const forbidden = [
    'dangerouslySetInnerHTML',
    'innerHTML',
    'outerHTML',
    'insertAdjacentHTML',
    'createContextualFragment',
    'srcdoc',
    'eval',
    'Function',
  ];
  const called = find(
    (node) =>
      (ts.isPropertyAccessExpression(node) && forbidden.includes(node.name.text)) ||
      ((ts.isCallExpression(node) || ts.isNewExpression(node)) &&
        forbidden.includes(node.expression.getText())) ||
      (ts.isJsxAttribute(node) && forbidden.includes(node.name.getText())) ||
      (ts.isPropertyAccessExpression(node) && /^document\.writeln?$/.test(node.getText())),
  );
  expect(called).toEqual([]);
});

test('E05, E07: each guard is put up once, in one file', () => {
  for (const guard of [
    'setWindowOpenHandler',
    'setPermissionRequestHandler',
    'setPermissionCheckHandler',
    'setDevicePermissionHandler',
  ]) {
    expect(named(guard).map(fileOf)).toEqual(['electron/desktop/guards.ts']);
  }
});

test('E15: nothing that ships knows a remote address or updates itself', () => {
  const addresses = find(
    (node) =>
      (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) &&
      /^(https?|wss?):/.test(node.text),
  );
  const ours = /^\S+: [`'](?:http|ws):\/\/(?:127\.0\.0\.1|\$\{)|: [`'](?:http|ws):[`']$/;
  expect(addresses.filter((place) => !ours.test(place))).toEqual([]);
  expect([...named('autoUpdater'), ...named('crashReporter'), ...named('XMLHttpRequest')]).toEqual(
    [],
  );
  expect(named('fetch')).toEqual([]);
});

test('E16: Electron is one of the latest three majors', () => {
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const { devDependencies } = JSON.parse(manifest) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const LATEST_MAJOR = 45;
  const major = Number(/\d+/.exec(devDependencies['electron'] ?? '')?.[0]);
  expect(major).toBeGreaterThan(LATEST_MAJOR - 3);
});

test('E18: whatever a name is, nothing that cannot be seen is shown of it', () => {
  const unseen = /(?![\u200c\u200d\p{VS}])[\p{Cc}\p{DI}\p{Bidi_C}\p{Zl}\p{Zp}]/u;
  for (const name of rows.flatMap(({ parts }) => parts)) {
    expect(shownName(name)).not.toMatch(unseen);
    expect(cleanDeviceName(name)).not.toMatch(unseen);
  }
});

test('E18: a name keeps its direction to itself and is no markup', () => {
  const shown = (name: string) => renderToStaticMarkup(createElement(Name, null, name));
  expect(shown('\u05d0.exe')).toBe('<bdi>\u05d0.exe</bdi>');
  for (const name of rows.flatMap(({ parts }) => parts)) {
    expect(shown(name)).toMatch(/^<bdi>[^<>]*<\/bdi>$/);
  }
});

test('E18: nothing that a terminal obeys is printed of a name', () => {
  for (const name of rows.flatMap(({ parts }) => parts)) {
    expect(printable(name)).not.toMatch(/[\p{Cc}\p{Bidi_C}\p{Zl}\p{Zp}]/u);
  }
});
