import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { givenPath, givenPaths } from '../../electron/terminal/given-paths.ts';

/** If these fail, `dropline send *.jpg` finds nothing in a terminal of Windows, whose shells leave it as it is. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-given-'));
  for (const name of ['b.jpg', 'a.JPG', 'c.txt', 'no dot', '[x].jpg']) {
    writeFileSync(join(folder, name), '');
  }
  mkdirSync(join(folder, 'more.jpg'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const expanded = (pattern: string) =>
  givenPaths([`${folder}/${pattern}`], 'win32').map((path) => path.slice(folder.length + 1));

test('a pattern stands for what it fits, in any capitals', () => {
  expect(expanded('*.jpg')).toEqual(['[x].jpg', 'a.JPG', 'b.jpg', 'more.jpg']);
  expect(expanded('?.jpg')).toEqual(['a.JPG', 'b.jpg']);
  expect(expanded('[x].*')).toEqual(['[x].jpg']);
});

test('*.* stands for all that is there', () => {
  expect(expanded('*.*')).toEqual(expanded('*'));
  expect(expanded('*')).toHaveLength(6);
});

test.each(['*.png', 'missing/*', '*/c.txt', 'more.jpg/', '*/', 'c.txt'])(
  '%s stays as it is',
  (pattern) => {
    expect(expanded(pattern)).toEqual([pattern]);
  },
);

test('the question mark of a long path and the star of a folder are none of a name', () => {
  const paths = [
    String.raw`\\?\C:\pictures\a.jpg`,
    String.raw`\\server\share\a`,
    'C:a.jpg',
    'C:\\',
  ];
  expect(givenPaths(paths, 'win32')).toEqual(paths);
});

test('a quote that Windows has made of a backslash is a backslash', () => {
  expect(givenPath('D:\\my files"', 'win32')).toBe('D:\\my files\\');
  expect(givenPaths(['D:\\my files"'], 'win32')).toEqual(['D:\\my files\\']);
});

test('elsewhere names may hold all of these, and shells have read them', () => {
  const names = [`${folder}/*.jpg`, 'a"', '?'];
  expect(givenPaths(names, 'linux')).toEqual(names);
  expect(givenPath('a"', 'linux')).toBe('a"');
});
