import { createRoot } from 'react-dom/client';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { App } from '../../../renderer/app.tsx';
import type { Bridge, Link } from '../../../renderer/bridge.ts';
import { createSnapshotStore } from '../../../renderer/snapshot.ts';
import { keepFocus } from '../../../renderer/ui/focus-keeper.ts';
import { states } from '../../support/snapshots.ts';
import type { StateName } from '../../support/snapshots.ts';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/styles/base.css';

/**
 * The window without an engine: it draws the snapshot that a test hands it, and writes down what it is
 * asked. `?state=NAME&face=console` opens it in one of the states of test/support/snapshots.ts.
 */
export interface Harness {
  show(snapshot: Snapshot): void;
  showState(name: StateName): void;
  setLink(link: Link): void;
  /** Each command, and each call to the face, as `[name, input]`. */
  readonly asked: (readonly [string, unknown])[];
  /** What the next asked command answers in place of null. */
  readonly answers: Map<string, unknown>;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const query = new URLSearchParams(location.search);
const isConsole = query.get('face') === 'console';
const first = query.get('state');

let snapshot: Snapshot = states[(first ?? 'peers') as StateName];
let link: Link = 'open';
const listeners = new Set<(snapshot: Snapshot) => void>();
const linkListeners = new Set<() => void>();
const asked: (readonly [string, unknown])[] = [];
const answers = new Map<string, unknown>();

function ask<T>(name: string, input: unknown, usual: unknown): Promise<T> {
  asked.push([name, input]);
  return Promise.resolve((answers.get(name) ?? { ok: true, value: usual }) as T);
}

const selection = {
  selectionId: 'a'.repeat(32),
  items: [
    { name: 'Summer in Lisbon', kind: 'folder' },
    { name: 'Tickets.pdf', kind: 'file' },
  ],
  itemCount: 2,
};
const staged = { selection, caveats: isConsole ? ['noExecBits', 'noEmptyFolders'] : [] };
const folder = { folderId: 'f'.repeat(32), path: '/home/mara/Pictures' };

const bridge: Bridge = {
  face: isConsole ? 'console' : 'desktop',
  call: (name, input) => ask(name, input, null),
  subscribe(listener) {
    listeners.add(listener);
    listener(snapshot);
    return () => listeners.delete(listener);
  },
  link: () => link,
  subscribeLink(listener) {
    linkListeners.add(listener);
    return () => linkListeners.delete(listener);
  },
  stageDrop: (data) =>
    ask(
      'stageDrop',
      [...data.files].map(({ name }) => name),
      staged,
    ),
  stagePaste: (files) =>
    ask(
      'stagePaste',
      files.map(({ name }) => name),
      staged,
    ),
  pick: (kind) => ask('pick', kind, staged),
  release: (selectionId) => void ask('release', selectionId, null),
  onAsked: () => () => undefined,
  folders: isConsole
    ? { by: 'name', name: (path) => ask('nameFolder', path, folder) }
    : { by: 'dialog', choose: () => ask('chooseFolder', null, folder) },
};

window.harness = {
  asked,
  answers,
  show(next) {
    snapshot = next;
    for (const listener of listeners) listener(next);
  },
  showState: (name) => window.harness.show(states[name]),
  setLink(next) {
    link = next;
    for (const listener of linkListeners) listener();
  },
};

const place = document.getElementById('window');
if (place !== null) {
  keepFocus(place);
  createRoot(place).render(<App bridge={bridge} store={createSnapshotStore(bridge)} />);
}
