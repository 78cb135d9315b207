import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import type { Console } from '../../electron/gateway/console.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import en from '../../shared/text/en.json' with { type: 'json' };

interface Parts {
  /** Where it saves what it receives. */
  readonly inbox: string;
  readonly engine: Engine;
  readonly console: Console;
  readonly page: Page;
  /** What the system's file manager was asked to show. */
  readonly revealed: readonly string[];
  /** Where the browser was asked to go. */
  readonly opened: readonly string[];
}

/** One engine with its window, and what a person finds in it by role and name. */
export class TestWindow {
  readonly inbox: string;
  readonly engine: Engine;
  readonly revealed: readonly string[];
  readonly opened: readonly string[];
  page: Page;
  readonly #console: Console;
  #complaints: string[] = [];
  #isStopped = false;

  constructor({ inbox, engine, console, page, revealed, opened }: Parts) {
    this.inbox = inbox;
    this.engine = engine;
    this.page = page;
    this.revealed = revealed;
    this.opened = opened;
    this.#console = console;
    this.#listen(page);
  }

  /** What the device calls itself now. */
  get name(): string {
    return this.engine.snapshot().self.name;
  }

  /** The card of a device, whether something waits to be sent or not. */
  peer(name: string): Locator {
    const heard = `${en.window.peers.sendHere}: `;
    return this.button(new RegExp(`^(${heard})?${escaped(name)}`));
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  offer(from: TestWindow): Locator {
    return this.page.getByRole('dialog').filter({ hasText: from.name });
  }

  /** Answers an offer. One that has just come takes no answer yet. */
  async answer(from: TestWindow, button: keyof typeof en.window.offer): Promise<void> {
    const offer = this.offer(from);
    await offer
      .getByRole('button', { name: en.window.offer[button], exact: true })
      .and(this.page.locator(':not([data-arming])'))
      .click();
  }

  /** The newest transfer of that name. */
  row(what: string): Locator {
    const title = this.page.getByRole('heading', { level: 3 }).filter({ hasText: what });
    return this.transfers.getByRole('listitem').filter({ has: title }).first();
  }

  get transfers(): Locator {
    return this.page.getByRole('list', { name: en.window.transfers.title });
  }

  /** What the history page lists. */
  get history(): Locator {
    return this.page.getByRole('list', { name: en.window.history.title });
  }

  /** Opens the same window once more, in the browser that knows it. */
  async openAgain(): Promise<void> {
    this.page = await this.page.context().newPage();
    this.#listen(this.page);
    await this.page.goto(new URL('/', this.#console.url).href);
  }

  /** What the browser has complained of since it was asked last. */
  takeComplaints(): readonly string[] {
    const complaints = this.#complaints;
    this.#complaints = [];
    return complaints;
  }

  /** No complaint was printed; ends and takes away what a test has left in the lists. */
  async settle(): Promise<void> {
    expect(this.takeComplaints()).toEqual([]);
    if (this.#isStopped) return;
    const { commands } = this.engine;
    for (const { id: transferId, ...transfer } of this.engine.snapshot().transfers) {
      if (!isFinished(transfer)) await commands.cancel({ transferId });
      await this.#ended(transferId);
      await commands.dismiss({ transferId }).catch(() => undefined);
    }
    for (const { key, name, foundBy } of this.engine.snapshot().peers) {
      if (foundBy !== 'address') continue;
      await commands.removePeer({ key });
      if (!this.page.isClosed()) await this.peer(name).waitFor({ state: 'detached' });
    }
  }

  /** Resolves when nothing more will happen to it. */
  #ended(transferId: TransferId): Promise<void> {
    return new Promise((resolve) => {
      const look = ({ transfers }: Snapshot): void => {
        if (transfers.some((transfer) => transfer.id === transferId && !isFinished(transfer)))
          return;
        leave();
        resolve();
      };
      const leave = this.engine.subscribe(look);
      look(this.engine.snapshot());
    });
  }

  /** Ends the program behind the window. */
  /** What it was receiving then is kept. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  async stopEngine(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.#console.stop();
    await this.engine.stop();
  }

  async close(): Promise<void> {
    await this.page.context().close();
    await this.stopEngine();
  }

  #listen(page: Page): void {
    page.on('console', (message) => this.#complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.#complaints.push(String(error)));
  }
}

export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
