/** What the program has registered with the system: who answers which channel and which scheme. */

type IpcHandler = (event: { readonly senderFrame: unknown }, value: unknown) => unknown;

class IpcHandlers {
  readonly #handlers = new Map<string, IpcHandler>();

  handle(channel: string, handler: IpcHandler): void {
    if (this.#handlers.has(channel)) throw new Error(`a second handler for ${channel}`);
    this.#handlers.set(channel, handler);
  }

  /** As in Electron, an unknown channel is an error, and a frame is null once the event is over. */
  async invoke(channel: string, frame: object, value: unknown): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    let senderFrame: object | null = frame;
    const event = {
      get senderFrame() {
        return senderFrame;
      },
    };
    const answer = handler(event, value);
    senderFrame = null;
    return structuredClone(await answer);
  }
}

export const ipcHandlers = new IpcHandlers();
export const protocolHandlers = new Map<string, (request: Request) => Promise<Response>>();

/** An event that whoever hears it may prevent. */
export function preventable() {
  return {
    isPrevented: false,
    preventDefault() {
      this.isPrevented = true;
    },
  };
}
