import { join } from 'node:path';
import { findBrowser } from '../../build/setup/browser.js';
import { buildEntries } from '../support/build-entries.ts';
import type { BenchOptions } from './arguments.ts';
import { WrongArguments } from './arguments.ts';
import { QUICK_STEPS, STEPS } from './growth/points.ts';
import { runGrowth } from './growth/run-growth.ts';
import { commitOf, describeMachine, loadNow } from './machine.ts';
import type { Node } from './nodes.ts';
import { askNodes } from './nodes.ts';
import { findDropline } from './peers/dropline.ts';
import { buildEngineOnce, RUNNING_ENGINE_ENTRIES } from './peers/running-engine.ts';
import type { Place } from './place.ts';
import { onLoopback } from './place.ts';
import type { Space } from './private-space.ts';
import { congestionControl } from './private-space.ts';
import type { Programs } from './programs.ts';
import { saveGrowth, saveSoak, saveWindow } from './save.ts';
import { runSoak, SOAK_ENTRIES } from './soak/run-soak.ts';
import { runWindow, WINDOW_ENTRIES } from './window/run-window.ts';

interface Here {
  readonly space: Space;
  readonly programs: Programs;
  readonly checkout: string;
  readonly say: (text: string) => void;
}

interface Run {
  readonly node: Node;
  readonly place: Place;
  readonly folder: string;
  readonly say: (text: string) => void;
}

/** With its folders it is the most that one offer may hold. */
const MANY_FILES = 99_000;
const QUICK_FILES = 5_000;

/** Dropline with the last Node that was named, or this one, and nobody beside it. */
export async function runAlone(options: BenchOptions, here: Here): Promise<void> {
  const { space, programs, checkout, say } = here;
  const [node] = askNodes([options.nodes.at(-1) ?? process.execPath]);
  if (!node) throw new WrongArguments('Which Node?');
  const machine = describeMachine({ Node: node.version }, congestionControl(space), 'tmpfs');
  const about = `${new Date().toISOString().slice(0, 10)}, commit ${commitOf(checkout)}, Node ${node.version}, ${machine.cpu}, ${machine.cores} cores, ${machine.fileSystem}, TCP ${machine.congestionControl}, load before ${loadNow()}`;
  const run = { node, place: onLoopback(programs), folder: join(space.folder, 'work'), say };
  if (options.mode === 'growth') {
    await saveGrowth(await growth(run, options, space.folder), about, options, checkout);
  } else if (options.mode === 'window') {
    await saveWindow(await window(run, options, checkout), about, options, checkout);
  } else await saveSoak(await soak(run, options), about, options, checkout);
}

function growth(run: Run, { quick }: BenchOptions, folder: string) {
  const found = findDropline(folder, run.node, buildEngineOnce());
  const dropline = 'contenders' in found ? found.contenders[0] : undefined;
  if (!dropline) throw new WrongArguments('Dropline is not built.');
  return runGrowth({ ...run, dropline, steps: quick ? QUICK_STEPS : STEPS });
}

async function soak(run: Run, { transfers }: BenchOptions) {
  const { directory: built } = await buildEntries({ ...RUNNING_ENGINE_ENTRIES, ...SOAK_ENTRIES });
  return runSoak({ ...run, node: run.node.path, built, transfers });
}

async function window(run: Run, { quick, rounds }: BenchOptions, checkout: string) {
  const browser = findBrowser();
  if (browser === null) throw new WrongArguments('Chromium is not here.');
  const entries = { ...RUNNING_ENGINE_ENTRIES, ...WINDOW_ENTRIES };
  const { directory: built } = await buildEntries(entries);
  const renderer = join(checkout, 'out', 'renderer');
  const files = quick ? QUICK_FILES : MANY_FILES;
  return runWindow({ ...run, node: run.node.path, browser, built, renderer, rounds, files });
}
