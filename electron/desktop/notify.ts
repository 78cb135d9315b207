import { Notification } from 'electron';
import type { Notice } from './prompt-notices.ts';
import type { NoticeWords } from './words.ts';

/** Shows a prompt through the system's own notifications; a click leads to it in the window. */
export function presentPrompt(words: NoticeWords, onClick: () => void): Notice {
  if (!Notification.isSupported()) return { close: () => undefined };
  const notification = new Notification(words);
  notification.on('click', onClick);
  notification.show();
  return {
    close: () => {
      notification.close();
    },
  };
}
