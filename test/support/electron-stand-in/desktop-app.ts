import { resolve } from 'node:path';
import type { Page } from 'playwright-core';

/** The built desktop program, running, with its window and the system around it in the test's hands. */
export interface DesktopApp {
  readonly runsOn: 'electron' | 'stand-in';
  page(): Promise<Page>;
  /** Everything of that kind that the program has asked of the system so far. */
  records(kind: string): readonly unknown[];
  /** The first record of that kind, now or when it comes. Fails when the program ends without it. */
  recorded(kind: string): Promise<unknown>;
  /** What the person clicks in the dialog of that kind that is open, or opens next. */
  answer(dialog: 'showOpenDialog' | 'showMessageBox', value: unknown): Promise<void>;
  emit(event: SystemEvent): Promise<void>;
  /** Asks the main process as a frame other than the page; the answer is recorded as `invoked`. */
  invokeFrom(origin: string, channel: string): Promise<void>;
  readonly pid: number;
  readonly exitCode: Promise<number | null>;
  /** Ends it whatever it does. */
  stop(): Promise<void>;
}

export type SystemEvent =
  | 'blur'
  | 'minimize'
  | 'close'
  | 'quit'
  | 'activate'
  | 'notification-click'
  | 'tray-click'
  /** With the paths that it was given, as JSON; absent: none. */
  | `second-instance${string}`
  | `open-file${string}`
  /** Of the tray, by the words of the item. */
  | `menu:${string}`
  /** To x and y, with a comma between them. */
  | `move${string}`;

export interface DesktopOptions {
  /** null: wherever the program itself puts it. */
  readonly home: string | null;
  /** The built main file; absent: the one of this checkout. */
  readonly main?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const root = resolve(import.meta.dirname, '../../..');
const mainFile = resolve(root, 'out/main/desktop.js');

/** The main file and what follows it. Tests never announce anything on a real network. */
export function programArguments(options: DesktopOptions): string[] {
  const home = options.home === null ? [] : ['--home', options.home];
  return [options.main ?? mainFile, ...home, '--no-discovery', '--interface', 'lo'];
}
