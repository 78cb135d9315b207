import type { IpcMainInvokeEvent, WebFrameMain } from 'electron';
import { ipcMain } from 'electron';
import type { Answer } from '../../shared/contract.ts';
import type { Channel, Handlers } from './requests.ts';
import { CHANNELS, answerFrame } from './requests.ts';

/** The one place where the page's process is listened to. `mainFrame`: of our window; null: none. */
export function serveIpc(handlers: Handlers, mainFrame: () => WebFrameMain | null): void {
  for (const channel of CHANNELS) handle(channel, handlers, mainFrame);
}

function handle(channel: Channel, handlers: Handlers, mainFrame: () => WebFrameMain | null): void {
  ipcMain.handle(channel, (event: IpcMainInvokeEvent, input: unknown): Promise<Answer<unknown>> => {
    const frames = { sender: event.senderFrame, mainFrame: mainFrame() };
    return answerFrame(frames, handlers, channel, input);
  });
}
