import { expect, test } from 'vitest';
import { jumpListTasks } from '../../electron/desktop/jump-list.ts';
import { readLaunchOptions } from '../../electron/desktop/launch-options.ts';
import en from '../../shared/text/en.json' with { type: 'json' };

/** If these fail, the icon in the task bar of Windows offers what does not happen. */

test('each task is begun by what it starts the program with', () => {
  const tasks = jumpListTasks('C:\\Program Files\\Dropline\\Dropline.exe');
  const begun = tasks.map((task) => readLaunchOptions(task.arguments.split(' '), {}));
  expect(begun.map(({ task }) => task)).toEqual(['sendFiles', 'sendFolder', 'showFolder']);
  expect(begun.flatMap(({ paths }) => paths)).toEqual([]);
  expect(tasks.map(({ title }) => title)).toEqual([
    en.desktop.menu.sendFiles,
    en.desktop.menu.sendFolder,
    en.desktop.tray.folder,
  ]);
});
