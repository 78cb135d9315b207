import type { Page } from 'playwright-core';
import type { Bridge } from '../../renderer/bridge.ts';
import type { Language } from '../../shared/model/language.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import { everyPhase, partlySent } from '../support/shown-transfers.ts';
import { snapshot, states } from '../support/snapshots.ts';
import * as pictures from './picture-states.ts';
import * as endings from './ending-states.ts';
import * as more from './view-states.ts';

/** What a window can look like, and how it gets there whatever language it speaks. */
export interface View {
  readonly snapshot: Snapshot;
  readonly face?: Bridge['face'];
  /** What commands answer. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** What a person does then. */
  readonly open?: (page: Page) => Promise<void>;
}

type Step = (page: Page) => Promise<void>;

const press =
  (place: string, which: 'first' | 'last' = 'first'): Step =>
  (page) =>
    page.locator(place)[which]().click();

const inTurn =
  (...steps: readonly Step[]): Step =>
  async (page) => {
    for (const step of steps) await step(page);
  };

const write =
  (place: string, words: string): Step =>
  (page) =>
    page.locator(place).first().fill(words);

/** A file comes in from the left and is held over the middle of it. */
const dragOver =
  (place: string): Step =>
  (page) =>
    page.evaluate((selector) => {
      const over = document.querySelector(selector) ?? document.body;
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['.'], 'Tickets.pdf'));
      const { x, y, width, height } = over.getBoundingClientRect();
      const hold = (type: string, clientX: number, clientY: number, element: Element) =>
        element.dispatchEvent(
          new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer, clientX, clientY }),
        );
      hold('dragenter', 8, 560, document.querySelector('main') ?? document.body);
      hold('dragenter', x + width / 2, y + height / 2, over);
      hold('dragover', x + width / 2, y + height / 2, over);
    }, place);

const past = everyPhase.filter(({ phase }) => ['delivered', 'declined', 'failed'].includes(phase));
const here = past.slice(0, 1).map(({ id }) => id);
const searchHistory = {
  ok: true,
  value: { transfers: past, total: past.length + 1, there: here, again: here },
};
const nothingFound = { ok: true, value: { transfers: [], total: 0, there: [], again: [] } };
const notAnAddress = {
  ok: false,
  failure: { code: 'NOT_AN_ADDRESS', details: { address: '::::' } },
};

const isAsked: Step = (page) => page.locator('[role=alertdialog]').waitFor();
const toHistory = inTurn(press('header button', 'first'), (page) =>
  page.locator('[role=radiogroup], fieldset').first().waitFor(),
);
const toSettings = press('header button', 'last');
const stage = press('[data-step] button', 'first');
const openAddress = press('section[aria-labelledby=peers-title] button', 'first');
const examined = (findings: readonly unknown[]) => ({ examine: { ok: true, value: findings } });
const openDoctor = inTurn(press('section[aria-label] > [aria-expanded]', 'first'), (page) =>
  page.locator('[data-finding]').first().waitFor(),
);

/** A folder with one like it in it, some of which is not wanted. */
const openTree = async (page: Page): Promise<void> => {
  await page.evaluate(() => {
    const held = { files: 314, bytes: 3_400_000_000, emptyFolders: 0 };
    const one = { files: 1, bytes: 2_100_000, emptyFolders: 0, children: 0 };
    const album = { files: 312, bytes: 3_395_800_000, emptyFolders: 0, children: 3 };
    const things = [
      { name: 'Iceland 2023', kind: 'folder', ...album },
      { name: 'a name that is longer than most. . .jpg', kind: 'file', ...one },
      { name: 'ملف.txt', kind: 'file', ...one },
    ];
    window.harness.answers.set('listOffered', { ok: true, value: { things, total: 3, held } });
    window.harness.answers.set('plan', { ok: true, value: null });
  });
  await page.locator('[data-offer] [aria-expanded=false]').first().click();
  await page.locator('[role=treeitem] svg').first().click();
  await page.locator('[role=treeitem][aria-level="2"]').last().click();
};

/** Not only there: drawn. */
const areSeen = async (page: Page, images: string): Promise<void> => {
  await page.locator(images).nth(3).waitFor();
  await page.locator(images).evaluateAll((all) => {
    return Promise.all(all.map((one) => (one as HTMLImageElement).decode()));
  });
};

export const VIEWS = {
  welcome: { snapshot: more.welcome },
  alone: { snapshot: states.alone },
  aloneOff: { snapshot: more.aloneOff },
  notice: { snapshot: states.aloneNoDiscovery },
  crowd: { snapshot: states.crowd },
  away: { snapshot: more.away },
  awayOff: { snapshot: more.awayOff },
  standings: { snapshot: more.standings },
  console: { snapshot: states.peers, face: 'console' },
  peerMenu: { snapshot: states.peers, open: press('[data-peer] button') },
  address: {
    snapshot: states.peers,
    answers: { addPeer: notAnAddress },
    open: inTurn(openAddress, write('form input', '::::'), press('form [type=submit]'), (page) =>
      page.locator('form [aria-invalid=true]').waitFor(),
    ),
  },
  dragging: { snapshot: states.peers, open: dragOver('main') },
  draggingToOne: { snapshot: states.peers, open: dragOver('li:nth-child(2) > [data-peer]') },
  staged: { snapshot: states.peers, open: stage },
  stagedForSeveral: {
    snapshot: states.crowd,
    open: inTurn(
      stage,
      press('section[aria-labelledby=peers-title] > div:first-child button', 'last'),
      press('[data-peer] button'),
    ),
  },
  writing: {
    snapshot: states.peers,
    open: inTurn(press('[data-step] button', 'last'), write('textarea', 'Tram 28, at noon?')),
  },
  newOffer: { snapshot: states.plannedOffer },
  tightOffer: { snapshot: states.tightOffer },
  choosing: { snapshot: states.newOffer, open: (page) => openTree(page) },
  pictures: { ...pictures.beside, open: (page) => areSeen(page, '[data-offer] li img') },
  pictureTree: {
    ...pictures.beside,
    open: inTurn(press('[data-offer] [aria-expanded=false]'), (page) =>
      areSeen(page, '[role=treeitem] img'),
    ),
  },
  picturesUnasked: pictures.ofStranger,
  picturesAsked: {
    ...pictures.ofStranger,
    open: inTurn(press('[data-show-pictures] button'), (page) =>
      areSeen(page, '[data-pictures] img'),
    ),
  },
  offers: { snapshot: states.offers },
  secondLook: { snapshot: endings.secondLook },
  hostile: { snapshot: states.hostile },
  saveTo: {
    snapshot: states.newOffer,
    face: 'console',
    open: press('[data-save-to]'),
  },
  firstOffer: { snapshot: more.firstOffer },
  pairing: { snapshot: more.pairing },
  everyPairing: { snapshot: more.everyPairing },
  sending: { snapshot: states.sending },
  done: { snapshot: states.done },
  everyPhase: { snapshot: states.everyPhase },
  otherEndings: { snapshot: endings.otherEndings },
  sentFiles: {
    snapshot: snapshot({ transfers: [partlySent] }),
    answers: { listFiles: more.fileList },
    open: inTurn(press('[aria-controls][aria-expanded=false]', 'last'), (page) =>
      page.locator('[role=listitem] button').first().waitFor(),
    ),
  },
  everyCheck: { snapshot: states.everyCheck },
  texts: {
    snapshot: snapshot({ transfers: more.texts }),
    answers: more.textAnswers,
    open: inTurn(press('li[data-transfer]:first-child button', 'last'), isAsked),
  },
  doctor: {
    snapshot: states.alone,
    answers: examined(more.findings.filter(({ level }) => level === 'good')),
    open: openDoctor,
  },
  everyFinding: {
    snapshot: states.alone,
    answers: examined(more.findings),
    open: openDoctor,
  },
  settings: { snapshot: more.settled, open: toSettings },
  history: { snapshot: states.peers, answers: { searchHistory }, open: toHistory },
  historyNone: {
    snapshot: states.peers,
    answers: { searchHistory: nothingFound },
    open: toHistory,
  },
  historyClearing: {
    snapshot: states.peers,
    answers: { searchHistory },
    open: inTurn(toHistory, press('section[aria-labelledby=history-title] button'), isAsked),
  },
  everyFailure: { snapshot: more.everyFailure },
  linkLost: {
    snapshot: states.sending,
    face: 'console',
    open: async (page) => {
      await page.evaluate(() => window.harness.setLink('lost'));
      await page.locator('[role=alert] p').first().waitFor();
    },
  },
} as const satisfies Record<string, View>;

export type ViewName = keyof typeof VIEWS;
export const VIEW_NAMES = Object.keys(VIEWS) as readonly ViewName[];

/** Draws the window anew, in that language, and waits until nothing in it is held back any more. */
export async function show(page: Page, name: ViewName, language: Language): Promise<void> {
  const view: View = VIEWS[name];
  const shown: Snapshot = {
    ...view.snapshot,
    settings: { ...view.snapshot.settings, language },
  };
  await page.evaluate(([face, next, answers]) => window.harness.open(face, next, answers), [
    view.face ?? 'desktop',
    shown,
    view.answers ?? {},
  ] as const);
  await page.locator(`html:lang(${language}) main`).waitFor();
  await page.locator('[data-arming]').first().waitFor({ state: 'detached' });
  await isStill(page);
  if (view.open === undefined) return;
  await view.open(page);
  await isStill(page);
}

/** The shortest transition takes a frame, and on a busy computer that is a while. */
async function isStill(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
}
