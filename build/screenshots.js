import { resolve } from 'node:path';
import { runnerImport } from 'vite';
import { findBrowser } from './setup/browser.js';

/**
 * `npm run screenshots [-- VIEW|SCREEN|LANGUAGE…]`: every state that the window can be in, in light and dark,
 * in a language of each script, on a small screen, magnified and in forced colours: one picture each in
 * out/screenshots, and all of them on one sheet. `-- settings dark narrow fr es`: only that view, on both of
 * these screens in both of these languages. What has no letters for a language draws boxes: on Linux that takes fonts
 * such as those of fonts-noto-cjk and fonts-noto-core.
 */
const root = resolve(import.meta.dirname, '..');
const browser = findBrowser();
if (browser === null) throw new Error('No Chromium was found.');
const config = {
  root,
  configFile: /** @type {const} */ (false),
  logLevel: /** @type {const} */ ('warn'),
};
const { takeGallery } = (await runnerImport(resolve(root, 'test/window/gallery.ts'), config))
  .module;
await takeGallery(browser, resolve(root, 'out/screenshots'), process.argv.slice(2));
