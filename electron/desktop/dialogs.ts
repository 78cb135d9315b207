import type { BrowserWindow } from 'electron';
import { dialog } from 'electron';
import type { Failure } from '../../shared/errors.ts';
import type { Way } from './start-over.ts';
import type { Pickers } from './requests.ts';
import { failureWords, word } from './words.ts';

export function createPickers(window: BrowserWindow): Pickers {
  return {
    async pick(kind) {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: word(kind === 'files' ? 'desktop.pickFiles' : 'desktop.pickFolder'),
        buttonLabel: word('desktop.choose'),
        properties: [kind === 'files' ? 'openFile' : 'openDirectory', 'multiSelections'],
      });
      return canceled ? [] : filePaths;
    },
    async chooseFolder() {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: word('desktop.saveTo'),
        buttonLabel: word('desktop.choose'),
        properties: ['openDirectory', 'createDirectory'],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
  };
}

/** true: the person wants the transfers to stop. Escape keeps them going. */
export async function askToStop(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: word('desktop.stillRunning'),
    detail: word('desktop.stillRunningDetail'),
    buttons: [word('desktop.keepGoing'), word('desktop.stopAndQuit')],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

/** Waits until the person has read it: there is no window that could say it. Escape quits. */
export async function tellStartFailure(
  failure: Failure,
  ways: readonly Way[] = ['quit'],
): Promise<Way> {
  const { title, what, next } = failureWords(failure);
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: word('desktop.startFailed'),
    message: title,
    detail: `${what}\n\n${next}`,
    buttons: ways.map((way) => word(`desktop.${way}`)),
    defaultId: 0,
    cancelId: ways.indexOf('quit'),
    noLink: true,
  });
  return ways[response] ?? 'quit';
}
