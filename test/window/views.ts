import type { Page } from 'playwright-core';
import type { Language } from '../../shared/model/language.ts';
import type { Pairing, PairedDevice } from '../../shared/model/pairing.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { ListedFile } from '../../shared/model/file-list.ts';
import { SENT_STATES } from '../../shared/model/file-list.ts';
import { everyPhase, partlySent, peer, peerId, snapshot, states } from '../support/snapshots.ts';

/** What a window can look like, and how it gets there whatever language it speaks. */
export interface View {
  readonly snapshot: Snapshot;
  /** What a person does then. */
  readonly open?: (page: Page) => Promise<void>;
}

const pairing: Pairing = {
  pairingId: 'e'.repeat(32) as Pairing['pairingId'],
  peerId: peer('Ada’s laptop').id ?? peerId('ad'),
  name: 'Ada’s laptop',
  address: '192.168.1.31',
  phase: 'comparing',
  code: '482 913',
  calledLike: peerId('be'),
};

const paired: readonly PairedDevice[] = [
  {
    id: peerId('be'),
    name: 'Ben’s Mac',
    platform: 'macos',
    pairedAtMs: 1_700_000_000_000,
    rule: { maxBytes: 100_000_000, directory: '/home/mara/Pictures' },
  },
  {
    id: peerId('5d'),
    name: 'Studio display',
    platform: 'linux',
    pairedAtMs: 1_700_000_000_000,
    rule: null,
  },
];

const settled = snapshot({
  paired,
  networks: [
    { id: 'a1'.repeat(16) as never, label: '192.168.1.1', isHere: true, isTrusted: true },
    { id: 'b2'.repeat(16) as never, label: '10.0.0.1', isHere: false, isTrusted: false },
  ],
  blocked: [{ id: peerId('ba'), name: 'Mallory', isStored: true }],
  notices: [{ id: 'n1', failure: { code: 'SETTINGS_UNREADABLE', details: { path: '/a/b.bad' } } }],
});

const press = (place: string, which: 'first' | 'last') => async (page: Page) => {
  await page.locator(place)[which]().click();
};

const openHistory = async (page: Page): Promise<void> => {
  await page.evaluate(
    (transfers) => {
      const [first] = transfers.map(({ id }) => id);
      const value = { transfers, total: transfers.length + 1, there: [first], again: [first] };
      window.harness.answers.set('searchHistory', { ok: true, value });
    },
    everyPhase.filter(({ phase }) => ['delivered', 'declined', 'failed'].includes(phase)),
  );
  await press('header button', 'first')(page);
  await page.locator('[role=radiogroup], fieldset').first().waitFor();
};

const files: readonly ListedFile[] = SENT_STATES.map((state, at) => ({
  at,
  path: `notes/${state}.txt`,
  bytes: 1_000 * at,
  state,
  code: state === 'failed' ? 'SOURCE_CHANGED' : null,
  renamedTo: null,
  savedAs: `/home/mara/notes/${state}.txt`,
}));

const openFiles = async (page: Page): Promise<void> => {
  await page.evaluate((found) => {
    const counts = { all: found.length, failed: 1, renamed: 0, skipped: 1 };
    const value = { files: found, total: found.length, counts };
    window.harness.answers.set('listFiles', { ok: true, value });
  }, files);
  await press('[aria-controls][aria-expanded=false]', 'last')(page);
  await page.locator('[role=listitem] button').first().waitFor();
};

export const VIEWS = {
  alone: { snapshot: states.alone },
  notice: { snapshot: states.aloneNoDiscovery },
  crowd: { snapshot: states.crowd },
  staged: { snapshot: states.peers, open: press('[data-step] button', 'first') },
  newOffer: { snapshot: states.plannedOffer },
  offers: { snapshot: states.offers },
  pairing: { snapshot: snapshot({ paired, pairings: [pairing] }) },
  sending: { snapshot: states.sending },
  done: { snapshot: states.done },
  everyPhase: { snapshot: states.everyPhase },
  sentFiles: { snapshot: snapshot({ transfers: [partlySent] }), open: openFiles },
  everyCheck: { snapshot: states.everyCheck },
  settings: { snapshot: settled, open: press('header button', 'last') },
  history: { snapshot: states.peers, open: openHistory },
} as const satisfies Record<string, View>;

export type ViewName = keyof typeof VIEWS;

/** Draws the page anew, in that language, and waits until nothing in it is held back any more. */
export async function show(page: Page, name: ViewName, language: Language): Promise<void> {
  const view: View = VIEWS[name];
  const shown: Snapshot = {
    ...view.snapshot,
    settings: { ...view.snapshot.settings, language },
  };
  await page.goto(new URL('/', page.url()).href);
  await page.evaluate((next) => window.harness.show(next), shown);
  await page.locator(`html:lang(${language})`).waitFor();
  await page.locator('[data-arming]').first().waitFor({ state: 'detached' });
  // the shortest transition takes a frame, and on a busy computer that is a while
  await page.waitForFunction(() => document.getAnimations().length === 0);
  await view.open?.(page);
}
