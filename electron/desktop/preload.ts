import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Answer, Asked, DesktopApi, Folder, Selection } from '../../shared/contract.ts';

/**
 * All that the page gets: seven named functions. It never gets a path, an event or ipcRenderer, and
 * nothing here throws at it.
 */

type Snapshot = Parameters<Parameters<DesktopApi<File>['subscribe']>[0]>[0];

let latest: Snapshot | null = null;
/** What came before the page could hear it. */
const unheard: Asked[] = [];
const askedListeners = new Set<(asked: Asked) => void>();
const listeners = new Set<(snapshot: Snapshot) => void>();

async function ask<T>(channel: string, request: unknown): Promise<Answer<T>> {
  try {
    const answer: unknown = await ipcRenderer.invoke(channel, request);
    if (isAnswer(answer)) return answer as Answer<T>;
  } catch {
    // The main process is going away, or the request could not be cloned.
  }
  return { ok: false, failure: { code: 'INTERNAL', details: { reason: channel } } };
}

function isAnswer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ok' in value;
}

type Refusal = 'NOTHING_TO_SEND' | 'PATH_NOT_FOUND' | 'WRONG_USAGE';

function refuse(code: Refusal, details: Record<string, string>) {
  return Promise.resolve({ ok: false, failure: { code, details } } as const);
}

const api: DesktopApi<File> = Object.freeze({
  face: 'desktop',

  call: (name, input) =>
    typeof name === 'string'
      ? ask('dropline:call', { name, input })
      : refuse('WRONG_USAGE', { command: typeof name }),

  subscribe(listener) {
    if (typeof listener !== 'function') return () => undefined;
    const entry = (snapshot: Snapshot) => {
      listener(snapshot);
    };
    listeners.add(entry);
    if (latest !== null) entry(latest);
    return () => {
      listeners.delete(entry);
    };
  },

  stageFiles(files) {
    // Text or a picture out of a page was dropped.
    if (files.length === 0) return refuse('NOTHING_TO_SEND', {});
    const paths: string[] = [];
    for (const file of files) {
      const path = pathOf(file);
      // A File that the page made itself lies nowhere on the disk.
      if (path === '') return refuse('PATH_NOT_FOUND', { path: nameOf(file) });
      paths.push(path);
    }
    return ask<Selection>('dropline:stage', paths);
  },

  async stagePasted(files) {
    const paths = files.map(pathOf).filter((path) => path !== '');
    const made = files.filter((file) => pathOf(file) === '');
    const things = await Promise.all(
      made.map(async (file) => ({
        name: nameOf(file),
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    ).catch(() => null);
    if (things === null) return refuse('WRONG_USAGE', { command: 'paste' });
    return ask<Selection>('dropline:stage-pasted', { paths, things });
  },

  pick: (kind) => ask<Selection | null>('dropline:pick', kind),

  chooseFolder: () => ask<Folder | null>('dropline:choose-folder', null),

  onAsked(listener) {
    if (typeof listener !== 'function') return () => undefined;
    const entry = (asked: Asked) => {
      listener(asked);
    };
    askedListeners.add(entry);
    for (const asked of unheard.splice(0)) entry(asked);
    return () => {
      askedListeners.delete(entry);
    };
  },
} satisfies DesktopApi<File>);

function pathOf(file: File): string {
  try {
    return webUtils.getPathForFile(file);
  } catch {
    return '';
  }
}

function nameOf(file: unknown): string {
  const isNamed = typeof file === 'object' && file !== null && 'name' in file;
  return isNamed && typeof file.name === 'string' ? file.name : '';
}

ipcRenderer.on('dropline:snapshot', (_event, snapshot: Snapshot) => {
  latest = snapshot;
  for (const listener of [...listeners]) {
    try {
      listener(snapshot);
    } catch {
      // The page's own fault, and its own console has it: the others still get theirs.
    }
  }
  void ask('dropline:seen', null);
});
ipcRenderer.on('dropline:asked', (_event, asked: Asked) => {
  if (askedListeners.size === 0) unheard.push(asked);
  for (const listener of [...askedListeners]) {
    try {
      listener(asked);
    } catch {
      // As above.
    }
  }
});
void ask('dropline:watch', null);

contextBridge.exposeInMainWorld('dropline', api);
