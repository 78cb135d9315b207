import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from './setup/browser.js';

/**
 * `npm run pictures`: the README's pictures, of the real program. Three engines with their windows
 * find each other, one sends another a folder, and what is seen on the way is kept in build/screenshots.
 *
 * As root on Linux it runs in a network and file system of its own, so that neither the devices nor the
 * paths of this computer get into the pictures.
 */

const root = resolve(import.meta.dirname, '..');
const pictures = resolve(import.meta.dirname, 'screenshots');
const dropline = join(root, 'out/main/dropline.js');

const SIZE = { width: 1100, height: 760 };
/** Long enough to be looked at on its way. It is all holes: it takes no room where it comes from. */
const FILM_BYTES = 900_000_000;
/** A busy computer takes its time over the film. */
const PATIENCE_MS = 120_000;
const STREET = ['192.168.1.20', '192.168.1.31', '192.168.1.44'];
const ALONE = 'DROPLINE_SCREENSHOTS_FOLDER';

/** @typedef {{ page: import('playwright-core').Page, peer: (name: string) => import('playwright-core').Locator }} Window */

/** Runs this file once more where it is alone; null where the system cannot. */
function runAlone() {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (!isRoot || process.env[ALONE] !== undefined) return null;
  const place = root.startsWith('/home/') ? '/srv' : '/home';
  const street = STREET.map((address) => `ip address add ${address}/24 dev street`);
  const script = [
    'set -e',
    `mount -t tmpfs none ${place}`,
    'ip link set lo up',
    'ip link add street type veth peer name corner',
    ...street,
    'ip link set corner up',
    'ip link set street up',
    'exec "$@"',
  ].join('\n');
  const self = [process.execPath, fileURLToPath(import.meta.url)];
  const env = { ...process.env, [ALONE]: place };
  const args = ['--net', '--mount', 'sh', '-c', script, 'sh', ...self];
  return spawnSync('unshare', args, { stdio: 'inherit', env }).status ?? 1;
}

/** What this run has started, ended in the reverse order. @type {(() => Promise<void>)[]} */
const endings = [];

/**
 * @param {string} folder
 * @param {string} person
 * @param {string} name
 * @param {string} address
 * @returns {Promise<string>} the link to its window
 */
async function startConsole(folder, person, name, address) {
  const home = join(folder, person, '.config');
  const downloads = join(folder, person, 'Downloads');
  const place = ['--home', home, '--dir', downloads, '--interface', address];
  const args = [dropline, 'console', '--json', '--name', name, '--port', '47710', ...place];
  const program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  endings.push(async () => {
    const ended = new Promise((done) => program.once('exit', done));
    program.kill('SIGINT');
    await ended;
  });
  for await (const line of createInterface({ input: program.stdout })) {
    const event = JSON.parse(line);
    if (event.event === 'console') return event.url;
  }
  throw new Error(`${name} ended before it had a window.`);
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @returns {Promise<Window>}
 */
async function openWindow(browser, url) {
  const context = await browser.newContext({
    viewport: SIZE,
    deviceScaleFactor: 2,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(url);
  return { page, peer: (name) => page.getByRole('button', { name: new RegExp(`^${name}`) }) };
}

/** @param {Window} window @param {string} name */
async function take({ page }, name) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) });
  }
}

/**
 * @param {Window} window
 * @param {string} name
 * @param {string} path
 */
async function startDrag({ page, peer }, name, path) {
  const box = await peer(name).boundingBox();
  if (box === null) throw new Error(`${name} is not in the window.`);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const edge = { x: 2, y: SIZE.height - 120 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  const cdp = await page.context().newCDPSession(page);
  /** @param {'dragEnter' | 'dragOver' | 'drop'} type @param {{ x: number, y: number }} place */
  const send = (type, place) => cdp.send('Input.dispatchDragEvent', { type, ...place, data });
  await send('dragEnter', edge);
  await send('dragOver', at);
  return { drop: () => send('drop', at) };
}

/** @param {string} folder */
async function makeThings(folder) {
  const lisbon = join(folder, 'Summer in Lisbon');
  await mkdir(join(lisbon, 'Alfama by night'), { recursive: true });
  await mkdir(join(lisbon, 'To sort'));
  for (let n = 1; n <= 240; n += 1) {
    const picture = join(lisbon, n % 3 === 0 ? 'Alfama by night' : '', `IMG_${4000 + n}.jpg`);
    await writeFile(picture, Buffer.alloc(300_000 + n * 700, n));
    await utimes(picture, 1_750_000_000 + n, 1_750_000_000 + n);
  }
  const film = await open(join(lisbon, 'Tram 28.mp4'), 'w');
  await film.truncate(FILM_BYTES);
  await film.close();
  const letter = join(folder, 'Lease 2026.pdf');
  await writeFile(letter, Buffer.alloc(184_320, 'lease'));
  return { lisbon, letter };
}

/** @param {Window} window @param {string} name of a button that answers, once it does */
const press = ({ page }, name) =>
  page.getByRole('button', { name, exact: true }).and(page.locator(':not([data-arming])')).click();

/** @param {Window} window @param {string} words */
const wait = ({ page }, words) => page.getByText(words).first().waitFor({ timeout: PATIENCE_MS });

/** @param {Window} mara @param {Window} studio @param {{ lisbon: string, letter: string }} things */
async function tell(mara, studio, { lisbon, letter }) {
  await mara.peer('Studio').waitFor();
  await mara.peer('Attic server').waitFor();
  await studio.peer('Mara').waitFor();
  await take(mara, 'peers');

  const first = await startDrag(studio, 'Mara', letter);
  await first.drop();
  await press(mara, 'Accept');
  await wait(studio, 'Delivered');
  await Promise.all([mara, studio].map((window) => press(window, 'They match')));
  for (const { page } of [mara, studio]) {
    await page.getByText('show the same code?').first().waitFor({ state: 'detached' });
  }

  const drag = await startDrag(mara, 'Studio', lisbon);
  await wait(mara, 'Release to send to');
  await take(mara, 'drop');
  await drag.drop();
  await wait(studio, 'wants to send you the folder');
  await studio.page.locator('[data-arming]').first().waitFor({ state: 'detached' });
  await take(studio, 'prompt');

  await press(studio, 'Accept');
  await mara.page.waitForFunction(
    () => {
      const bar = document.querySelector('[role=progressbar]');
      return Number(bar?.getAttribute('aria-valuenow')) > 40;
    },
    null,
    { timeout: PATIENCE_MS },
  );
  await take(mara, 'sending');

  await wait(mara, 'Delivered, whole and checked');
  await take(mara, 'done');
  await take(studio, 'received');
  await takeLanguages(mara);
}

/** One language of each script. */
const LANGUAGES = ['en', 'zh-Hans', 'ja', 'ar'];

/**
 * The same window in all of them, on one sheet. What has no letters for one of them draws boxes: on Linux
 * that takes fonts such as those of fonts-noto-cjk and fonts-noto-core.
 * @param {Window} window
 */
async function takeLanguages({ page }) {
  await page.emulateMedia({ colorScheme: 'light' });
  /** @type {string[]} */
  const sheets = [];
  for (const language of LANGUAGES) {
    await page.locator('header button').last().click();
    await page.locator('select:has([value=zh-Hans])').selectOption(language);
    await page.locator(`html:lang(${language})`).waitFor();
    await page.locator('header button').last().click();
    await page.mouse.move(0, 0);
    const picture = await page.screenshot();
    sheets.push(`<img src="data:image/png;base64,${picture.toString('base64')}">`);
  }
  const { width, height } = SIZE;
  const sheet = await page.context().newPage();
  await sheet.setViewportSize({ width, height });
  const style = `body{display:grid;grid-template-columns:1fr 1fr;margin:0;gap:8px}img{width:100%}`;
  await sheet.setContent(`<style>${style}</style>${sheets.join('')}`);
  await sheet.screenshot({ path: join(pictures, 'languages.png'), fullPage: true });
}

async function main() {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('No Chromium was found.');
  const isAlone = process.env[ALONE] !== undefined;
  const folder = process.env[ALONE] ?? (await mkdtemp(join(tmpdir(), 'dropline-pictures-')));
  if (!isAlone) endings.push(() => rm(folder, { recursive: true, force: true }));
  const [one = '', two = '', three = ''] = isAlone ? STREET : STREET.map(() => '127.0.0.1');
  await mkdir(pictures, { recursive: true });
  const things = await makeThings(join(folder, 'mara', 'Pictures'));
  const links = [
    await startConsole(folder, 'mara', 'Mara’s laptop', one),
    await startConsole(folder, 'studio', 'Studio', two),
  ];
  await startConsole(folder, 'attic', 'Attic server', three);
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const browser = await chromium.launch({ executablePath, args });
  endings.push(() => browser.close());
  const [mara, studio] = await Promise.all(links.map((url) => openWindow(browser, url)));
  if (mara === undefined || studio === undefined) throw new Error('A window is missing.');
  await tell(mara, studio, things);
}

const status = runAlone();
if (status === null) {
  try {
    await main();
  } finally {
    for (const end of endings.reverse()) await end();
  }
} else process.exitCode = status;
