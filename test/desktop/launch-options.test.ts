import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readLaunchOptions } from '../../electron/desktop/launch-options.ts';

test('a plain start uses the home of the system, every interface, and looks for others', () => {
  expect(readLaunchOptions([], {})).toEqual({
    home: null,
    interface: null,
    discovery: true,
    hidden: false,
    task: null,
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
    task: null,
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

test('a task is one of those that there are', () => {
  expect(readLaunchOptions(['--task', 'sendFiles'], {})).toMatchObject({
    task: 'sendFiles',
    paths: [],
  });
  expect(readLaunchOptions(['--task=showFolder'], {}).task).toBe('showFolder');
  expect(readLaunchOptions(['--task', 'stop'], {}).task).toBeNull();
});

test('a file that is told by its address is that file', () => {
  const path = resolve('/home/mara/Überraschung 1.txt');
  expect(readLaunchOptions([pathToFileURL(path).href], {}).paths).toEqual([path]);
  // of another computer, and no address at all
  for (const said of ['file://elsewhere/a.txt', 'file://%']) {
    expect(readLaunchOptions([said], {}, '/here').paths).toHaveLength(1);
  }
});
