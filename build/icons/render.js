import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from '../setup/browser.js';

/**
 * `node build/icons/render.js` draws icon.svg in every size and container that the three systems ask
 * for. Run by hand after the picture has changed; the results are committed, so that a package can be
 * built where there is no browser.
 */

const HERE = import.meta.dirname;
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** The types of an icns file that hold a PNG of that size. */
const ICNS_TYPES = /** @type {const} */ ([
  ['icp4', 16],
  ['icp5', 32],
  ['icp6', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
]);

/** @param {ReadonlyMap<number, Buffer>} pictures @param {number} size */
function picture(pictures, size) {
  const found = pictures.get(size);
  if (found === undefined) throw new Error(`no picture of ${size} pixels was drawn`);
  return found;
}

/** @param {readonly number[]} sizes @returns {Promise<ReadonlyMap<number, Buffer>>} */
async function draw(sizes) {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chromium was found to draw with');
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await browser.newPage();
  const pictures = new Map();
  for (const size of sizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.goto(pathToFileURL(join(HERE, 'icon.svg')).href);
    await page.evaluate((pixels) => {
      document.documentElement.setAttribute('width', String(pixels));
      document.documentElement.setAttribute('height', String(pixels));
    }, size);
    pictures.set(size, await page.screenshot({ omitBackground: true }));
  }
  await browser.close();
  return pictures;
}

/** @param {ReadonlyMap<number, Buffer>} pictures */
function ico(pictures) {
  const header = Buffer.alloc(6 + 16 * ICO_SIZES.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(ICO_SIZES.length, 4);
  let offset = header.length;
  ICO_SIZES.forEach((size, at) => {
    const entry = 6 + 16 * at;
    const { length } = picture(pictures, size);
    header.writeUInt8(size % 256, entry); // 256 is written as 0
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += length;
  });
  return Buffer.concat([header, ...ICO_SIZES.map((size) => picture(pictures, size))]);
}

/** @param {ReadonlyMap<number, Buffer>} pictures */
function icns(pictures) {
  const blocks = ICNS_TYPES.map(([type, size]) => {
    const content = picture(pictures, size);
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(content.length + head.length, 4);
    return Buffer.concat([head, content]);
  });
  const body = Buffer.concat(blocks);
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(body.length + head.length, 4);
  return Buffer.concat([head, body]);
}

const pictures = await draw([...new Set([...LINUX_SIZES, 1024])]);
mkdirSync(join(HERE, 'linux'), { recursive: true });
for (const size of LINUX_SIZES) {
  writeFileSync(join(HERE, 'linux', `${size}x${size}.png`), picture(pictures, size));
}
writeFileSync(join(HERE, 'icon.png'), picture(pictures, 1024));
writeFileSync(join(HERE, 'icon.ico'), ico(pictures));
writeFileSync(join(HERE, 'icon.icns'), icns(pictures));
