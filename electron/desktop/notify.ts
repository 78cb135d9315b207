import { Notification } from 'electron';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { Notice } from './offer-notices.ts';
import { offerWords } from './words.ts';

/** Shows an offer through the system's own notifications; a click leads to the prompt in the window. */
export function presentOffer(offer: Transfer, onClick: () => void): Notice {
  if (!Notification.isSupported()) return { close: () => undefined };
  const notification = new Notification(offerWords(offer));
  notification.on('click', onClick);
  notification.show();
  return {
    close: () => {
      notification.close();
    },
  };
}
