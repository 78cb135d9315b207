import type { Task as ListedTask } from 'electron';
import type { Task } from './launch-options.ts';
import { TASKS } from './launch-options.ts';
import { say } from './words.ts';

const WORDS = {
  sendFiles: 'desktop.menu.sendFiles',
  sendFolder: 'desktop.menu.sendFolder',
  showFolder: 'desktop.tray.folder',
} as const satisfies Record<Task, unknown>;

/** What the icon in the task bar of Windows offers, whether the program runs or not. */
export function jumpListTasks(program: string): ListedTask[] {
  return TASKS.map((task) => {
    const words = say(WORDS[task]);
    return {
      program,
      arguments: `--task ${task}`,
      title: words,
      description: words,
      iconPath: program,
      iconIndex: 0,
    };
  });
}
