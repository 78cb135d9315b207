import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readLaunchOptions } from '../../electron/desktop/launch-options.ts';

test('a plain start uses the home of the system, every interface, and looks for others', () => {
  expect(readLaunchOptions([], {})).toEqual({
    home: null,
    interface: null,
    discovery: true,
    hidden: false,
    paths: [],
  });
});

test('the home may be named on the line or in the environment, and the line wins', () => {
  const env = { DROPLINE_HOME: '/from/env' };
  expect(readLaunchOptions([], env).home).toBe(resolve('/from/env'));
  expect(readLaunchOptions(['--home', '/from/line'], env).home).toBe(resolve('/from/line'));
  expect(readLaunchOptions(['--home=/from/line'], env).home).toBe(resolve('/from/line'));
});

test('a home is told as it is meant where the program was started', () => {
  expect(readLaunchOptions(['--home', 'here'], {}).home).toBe(resolve('here'));
});

test('switches of Chromium and of the system are no business of ours', () => {
  const line = ['--remote-debugging-port=0', '-psn_0_1', '--inspect', 'file.txt', '--no-discovery'];
  expect(readLaunchOptions([...line, '--interface', 'lo'], {})).toEqual({
    home: null,
    interface: 'lo',
    discovery: false,
    hidden: false,
    paths: [resolve('file.txt')],
  });
});

test('a switch without its value is as if it was not there', () => {
  expect(readLaunchOptions(['--home'], {}).home).toBeNull();
  expect(readLaunchOptions(['--home='], { DROPLINE_HOME: '' }).home).toBeNull();
});

test('files are told as they are meant where that start was', () => {
  const { paths, hidden } = readLaunchOptions(['--hidden', 'a.txt', '/b/c'], {}, '/elsewhere');
  expect(paths).toEqual([resolve('/elsewhere', 'a.txt'), resolve('/b/c')]);
  expect(hidden).toBe(true);
});
