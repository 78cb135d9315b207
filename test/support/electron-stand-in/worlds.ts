/**
 * What is put into the page. Two scripts share a document and nothing else: one runs in the world of
 * the preload, one in that of the page, and functions cross between them by synchronous events, as
 * Electron's contextBridge would carry them. Each function here is sent as text: it must stand alone.
 */

export const WORLD = 'dropline-preload';

export function preloadSource(preload: string): string {
  const electron = `(${preloadElectron.toString()})((${bridge.toString()})('preload'))`;
  return `{
    const electron = ${electron};
    const require = (name) => {
      if (name === 'electron') return electron;
      throw new Error('a sandboxed preload has no ' + name);
    };
    (function (require, module, exports) {${preload}\n})(require, { exports: {} }, {});
  }`;
}

export function pageSource(): string {
  return `(${pageWorld.toString()})((${bridge.toString()})('page'));`;
}

interface Bridge {
  readonly expose: (name: string, value: unknown) => void;
  receive(listener: (name: string, value: unknown) => void): void;
  files: File[];
  resolveFiles: ((keys: readonly number[]) => Promise<readonly object[]>) | null;
}

type Message = Readonly<Record<string, unknown>>;

/** One end. Values are copied and frozen; a function becomes one that calls across. */
function bridge(side: 'page' | 'preload'): Bridge {
  const other = side === 'page' ? 'preload' : 'page';
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const promises: { resolve(value: unknown): void; reject(error: unknown): void }[] = [];
  const self: Bridge = { expose, receive, files: [], resolveFiles: null };
  let onExpose: (name: string, value: unknown) => void = () => undefined;
  let answer: unknown = null;

  function post(message: Message): void {
    document.dispatchEvent(new CustomEvent(`stand-in-to-${other}`, { detail: message }));
  }

  function pack(value: unknown): unknown {
    if (typeof value === 'function') return { $call: functions.push(value as () => unknown) - 1 };
    if (value instanceof File) return { $file: self.files.push(value) - 1 };
    if (value instanceof Promise) return { $promise: follow(value) };
    if (Array.isArray(value)) return value.map(pack);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pack(part)]));
  }

  let followed = 0;
  function follow(promise: Promise<unknown>): number {
    const id = followed++;
    promise.then(
      (value) => post({ type: 'settle', id, value: pack(value) }),
      (error: unknown) => post({ type: 'settle', id, error: String(error) }),
    );
    return id;
  }

  function unpack(value: unknown, files: ReadonlyMap<number, object>): unknown {
    if (Array.isArray(value)) return Object.freeze(value.map((part) => unpack(part, files)));
    if (typeof value !== 'object' || value === null) return value;
    if ('$call' in value) return (...args: unknown[]) => call(value.$call, args);
    if ('$file' in value) return files.get(value.$file as number);
    if ('$promise' in value) {
      return new Promise((resolve, reject) => {
        promises[value.$promise as number] = { resolve, reject };
      });
    }
    const parts = Object.entries(value).map(([key, part]) => [key, unpack(part, files)] as const);
    return Object.freeze(Object.fromEntries(parts));
  }

  function call(id: unknown, args: unknown[]): unknown {
    const before = self.files.length;
    const packed = pack(args);
    const files = self.files.map((_, key) => key).slice(before);
    post({ type: 'call', id, args: packed, files });
    return unpack(answer, new Map());
  }

  function run({ id, args, files }: Message): unknown {
    const target = functions[id as number];
    const keys = files as readonly number[];
    const go = (given: readonly object[]) => {
      const byKey = new Map(given.map((file, at) => [keys[at] ?? -1, file]));
      return target?.(...(unpack(args, byKey) as unknown[]));
    };
    return keys.length === 0 ? go([]) : self.resolveFiles?.(keys).then(go);
  }

  document.addEventListener(`stand-in-to-${side}`, (event) => {
    const message = (event as CustomEvent<Message>).detail;
    if (message['type'] === 'expose')
      onExpose(String(message['name']), unpack(message['value'], new Map()));
    if (message['type'] === 'call') post({ type: 'answer', value: pack(run(message)) });
    if (message['type'] === 'answer') answer = message['value'];
    if (message['type'] === 'settle') {
      const promise = promises[message['id'] as number];
      if ('error' in message) promise?.reject(new Error(String(message['error'])));
      else promise?.resolve(unpack(message['value'], new Map()));
    }
  });

  function expose(name: string, value: unknown): void {
    post({ type: 'expose', name, value: pack(value) });
  }

  function receive(listener: (name: string, value: unknown) => void): void {
    onExpose = listener;
  }

  return self;
}

/** The page's world has no say: it gets what the preload exposes, and cannot change it. */
function pageWorld(bridge: Bridge): void {
  bridge.receive((name, value) => {
    Object.defineProperty(window, name, { value, enumerable: true });
  });
  // Where the stand-in's own process finds the files of a call, to ask Chromium for their paths.
  Object.defineProperty(window, Symbol.for('stand-in files'), { get: () => bridge.files });
}

/** The three parts of `electron` that a sandboxed preload has. */
function preloadElectron(bridge: Bridge): object {
  interface World {
    standInSend(payload: string): void;
    standInReceive?: (message: Message) => void;
  }
  const world = globalThis as unknown as World;
  const pending = new Map<number, { resolve(v: unknown): void; reject(e: unknown): void }>();
  const listeners = new Map<string, ((event: object, ...args: unknown[]) => void)[]>();
  const paths = new WeakMap<object, string>();
  let next = 0;

  function request(type: string, body: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = next++;
      pending.set(id, { resolve, reject });
      world.standInSend(JSON.stringify({ type, id, ...body }));
    });
  }

  world.standInReceive = (message) => {
    if (message['type'] === 'push') {
      const args = message['args'] as unknown[];
      for (const listener of listeners.get(String(message['channel'])) ?? []) listener({}, ...args);
      return;
    }
    const waiting = pending.get(message['id'] as number);
    pending.delete(message['id'] as number);
    if ('error' in message) waiting?.reject(new Error(String(message['error'])));
    else waiting?.resolve(message['value']);
  };

  bridge.resolveFiles = async (keys) => {
    const found = (await request('files', { keys })) as readonly [string, string][];
    return found.map(([name, path]) => {
      const file = new File([], name);
      paths.set(file, path);
      return file;
    });
  };

  return {
    contextBridge: { exposeInMainWorld: bridge.expose },
    ipcRenderer: {
      invoke: (channel: string, value: unknown) => request('invoke', { channel, value }),
      on(channel: string, listener: (event: object) => void) {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      },
    },
    webUtils: { getPathForFile: (file: object) => paths.get(file) ?? '' },
  };
}
