/** A WebSocket as this page uses one. */
export interface Socket {
  send(data: string | ArrayBuffer): void;
  close(): void;
}

export interface SocketEvents {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** Once, whoever closed it and whether or not it was ever open. */
  readonly onClose: () => void;
}

export type OpenSocket = (url: string, events: SocketEvents) => Socket;

export const openWebSocket: OpenSocket = (url, { onOpen, onText, onClose }) => {
  const socket = new WebSocket(url);
  socket.addEventListener('open', onOpen);
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') onText(data);
  });
  socket.addEventListener('close', onClose);
  return {
    send: (data) => socket.send(data),
    close: () => {
      // Closed before it is open, it would be reported as an error of the page.
      if (socket.readyState !== WebSocket.CONNECTING) socket.close();
      else socket.addEventListener('open', () => socket.close());
    },
  };
};
