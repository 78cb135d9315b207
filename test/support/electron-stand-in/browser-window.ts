import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions } from 'electron';
import { instructions, record } from './control.ts';
import { preventable } from './registries.ts';
import { StandInWebContents } from './web-contents.ts';

/** A window without a screen: what is asked of it is recorded, its page is real. */
export class StandInWindow extends EventEmitter {
  readonly webContents: StandInWebContents;
  #isDestroyed = false;
  #isFocused = true;
  #isMinimized = false;
  #isMaximized = false;
  #bounds: { x: number; y: number; width: number; height: number };

  constructor(options: BrowserWindowConstructorOptions, profile: string) {
    super();
    record('window', options);
    const { x = 60, y = 40, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.webContents = new StandInWebContents(options.webPreferences?.preload ?? '', profile);
    instructions.on('emit', ({ event }: { readonly event: string }) => {
      if (event === 'blur') this.#isFocused = false;
      if (event === 'minimize') this.#isMinimized = true;
      if (event === 'close') this.close();
      if (event.startsWith('move')) {
        const [x = 0, y = 0] = event.slice('move'.length).split(',').map(Number);
        this.#bounds = { ...this.#bounds, x, y };
        this.emit('move');
      }
    });
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url);
    this.emit('ready-to-show');
  }

  show(): void {
    record('show');
    this.#isFocused = true;
  }

  hide(): void {
    record('hide');
    this.#isFocused = false;
  }

  focus(): void {
    record('focus');
    this.#isFocused = true;
  }

  restore(): void {
    record('restore');
    this.#isMinimized = false;
  }

  close(): void {
    const event = preventable();
    this.emit('close', event);
    record('closing', { isPrevented: event.isPrevented });
    if (!event.isPrevented) void this.destroy();
  }

  setProgressBar(fraction: number, options?: object): void {
    record('progressBar', { fraction, ...options });
  }

  setOverlayIcon(image: object | null, words: string): void {
    record('overlay', { isShown: image !== null, words });
  }

  getNormalBounds() {
    return this.#bounds;
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  maximize(): void {
    record('maximize');
    this.#isMaximized = true;
  }

  isFocused(): boolean {
    return this.#isFocused;
  }

  isMinimized(): boolean {
    return this.#isMinimized;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  async destroy(): Promise<void> {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    await this.webContents.close();
  }
}
