import { flushSync } from 'react-dom';
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
  /** The window anew, as if its page had just been loaded. */
  open(face: Bridge['face'], snapshot: Snapshot, answers: Readonly<Record<string, unknown>>): void;
  show(snapshot: Snapshot): void;
  showState(name: StateName): void;
  setLink(link: Link): void;
  /** Each command, and each call to the face, as `[name, input]`. */
  readonly asked: (readonly [string, unknown])[];
  /** What a command answers in place of null: by its name, or by its name and the id of a transfer. */
  readonly answers: Map<string, unknown>;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const query = new URLSearchParams(location.search);
const first = query.get('state');

let snapshot: Snapshot = states[(first ?? 'peers') as StateName];
let link: Link = 'open';
const listeners = new Set<(snapshot: Snapshot) => void>();
const linkListeners = new Set<() => void>();
const asked: (readonly [string, unknown])[] = [];
const answers = new Map<string, unknown>();

function ask<T>(name: string, input: unknown, usual: unknown): Promise<T> {
  asked.push([name, input]);
  const answer = answers.get(`${name} ${idIn(input)}`) ?? answers.get(name);
  return Promise.resolve((answer ?? { ok: true, value: usual }) as T);
}

function idIn(input: unknown): string {
  const isAbout = typeof input === 'object' && input !== null && 'transferId' in input;
  return isAbout ? String(input.transferId) : '';
}

const selection = {
  selectionId: 'a'.repeat(32),
  items: [
    { name: 'Summer in Lisbon', kind: 'folder' },
    { name: 'Tickets.pdf', kind: 'file' },
  ],
  itemCount: 2,
};
const folder = { folderId: 'f'.repeat(32), path: '/home/mara/Pictures' };

function bridgeOf(face: Bridge['face']): Bridge {
  const isConsole = face === 'console';
  const staged = { selection, caveats: isConsole ? ['noExecBits', 'noEmptyFolders'] : [] };
  return {
    face,
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
}

const place = document.getElementById('window');
if (place === null) throw new Error('index.html has no #window.');
keepFocus(place);
const root = createRoot(place);
let opened = 0;

function open(face: Bridge['face']): void {
  opened += 1;
  const bridge = bridgeOf(face);
  const store = createSnapshotStore(bridge);
  flushSync(() => root.render(<App key={opened} bridge={bridge} store={store} />));
}

window.harness = {
  asked,
  answers,
  open(face, next, given) {
    snapshot = next;
    link = 'open';
    asked.length = 0;
    answers.clear();
    for (const [name, answer] of Object.entries(given)) answers.set(name, answer);
    // what the component library has to say stays for a while after what it is about
    for (const log of document.querySelectorAll('[data-live-announcer] > *')) log.replaceChildren();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    open(face);
  },
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

open(query.get('face') === 'console' ? 'console' : 'desktop');
