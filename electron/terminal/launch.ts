import { homedir } from 'node:os';
import { join } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import { openBrowser } from '../gateway/open-browser.ts';
import { revealInFileManager } from '../gateway/reveal.ts';
import type { Engine, EngineOptions } from '../engine/engine.ts';
import { start } from '../engine/engine.ts';
import { keepAwake } from './keep-awake.ts';

/** Options that stand anywhere on the line. */
export interface CommonOptions {
  readonly home?: string;
  readonly interface?: string;
  readonly discovery: boolean;
  readonly json?: boolean;
}

/** The desktop keeps its home in the same place, so that both are one device. */
export function defaultHome(): string {
  const { DROPLINE_HOME, APPDATA, XDG_CONFIG_HOME } = process.env;
  if (DROPLINE_HOME) return DROPLINE_HOME;
  if (process.platform === 'win32' && APPDATA) return join(APPDATA, 'Dropline');
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support', 'Dropline');
  }
  return join(XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Dropline');
}

async function openLink(href: string): Promise<void> {
  if (!(await openBrowser(href))) throw new DroplineError('NO_BROWSER');
}

export function startEngine(
  common: CommonOptions,
  options: Pick<EngineOptions, 'listen'> & Partial<EngineOptions>,
): Promise<Engine> {
  return start({
    home: common.home ?? defaultHome(),
    workers: new URL('./', import.meta.url),
    shell: { reveal: revealInFileManager, openLink, keepAwake },
    discovery: common.discovery,
    interface: common.interface ?? null,
    ...options,
  });
}
