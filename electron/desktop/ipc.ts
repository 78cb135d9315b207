import type { IpcMainInvokeEvent, WebFrameMain } from 'electron';
import { ipcMain } from 'electron';
import type { Answer } from '../../shared/contract.ts';
import { failure } from '../../shared/errors.ts';
import { isTrustedSender } from './policy.ts';
import type { Channel, Handlers } from './requests.ts';
import { CHANNELS, answer } from './requests.ts';

/** The one place where the page's process is listened to. `mainFrame`: of our window; null: none. */
export function serveIpc(handlers: Handlers, mainFrame: () => WebFrameMain | null): void {
  for (const channel of CHANNELS) handle(channel, handlers, mainFrame);
}

function handle(channel: Channel, handlers: Handlers, mainFrame: () => WebFrameMain | null): void {
  ipcMain.handle(channel, (event: IpcMainInvokeEvent, input: unknown): Promise<Answer<unknown>> => {
    if (!isTrustedSender(event.senderFrame, mainFrame())) {
      return Promise.resolve({ ok: false, failure: failure('WRONG_USAGE', { channel }) });
    }
    return answer(handlers, channel, input);
  });
}
