import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator } from 'playwright-core';
import type { DesktopApp, DesktopOptions } from './desktop-app.ts';
import { root } from './desktop-app.ts';
import { startInElectron } from './in-electron.ts';
import { startInStandIn } from './in-stand-in.ts';

export const hasElectron = existsSync(resolve(root, 'node_modules/electron/dist'));

/** In Electron where its runtime is there, else in the stand-in; the run says which. */
export async function startDesktop(options: DesktopOptions): Promise<DesktopApp> {
  const app = await (hasElectron ? startInElectron(options) : startInStandIn(options));
  process.stdout.write(`desktop face: main.ts and preload.ts run on the ${app.runsOn}\n`);
  return app;
}

/** Lets go of real files over an element, as the system's file manager does. */
export async function dropFiles(target: Locator, paths: readonly string[]): Promise<void> {
  const hand = await holdFiles(target, paths);
  await hand.letGo();
}

/** A hand with files in it, over the window. */
interface Hand {
  readonly carryTo: (target: Locator) => Promise<void>;
  readonly letGo: () => Promise<void>;
}

/**
 * Holds real files over an element. A list may move under the drag while devices come and go: like a
 * person, the hand follows what it means.
 */
export async function holdFiles(target: Locator, paths: readonly string[]): Promise<Hand> {
  const page = target.page();
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  let at = await middleOf(target);
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    cdp.send('Input.dispatchDragEvent', { type, ...at, data });
  const carryTo = async (to: Locator) => {
    for (;;) {
      at = await middleOf(to);
      await send('dragOver');
      const isThere = await to.evaluate(
        (element, { x, y }) => element.contains(document.elementFromPoint(x, y)),
        at,
      );
      if (isThere) return;
    }
  };
  const letGo = async () => {
    await send('drop');
    await cdp.detach();
  };
  await send('dragEnter');
  await carryTo(target);
  return { carryTo, letGo };
}

async function middleOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (box === null) throw new Error('there is nothing to drop on');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
