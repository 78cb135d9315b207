import type { Screen } from './screen.ts';

/** As long as a prompt of the window that has just come takes no click. */
const ARM_DELAY_MS = 700;

export interface Question {
  /** What it is about. One that was put in place of another comes in its turn. */
  readonly id: string;
  /** Said when its turn comes, before it is asked. */
  readonly lines: () => readonly string[];
  readonly words: string;
  /** null: the person closed the input. */
  readonly answer: (typed: string | null) => void;
  /**
   * What is asked in its place, after that answer; null: the answer counts. Resolves with null where there is
   * nothing to be asked any more. Never rejects.
   */
  readonly asksOn?: (typed: string | null) => Promise<Question | null> | null;
}

/**
 * Puts one question after another to the person. Whatever is no longer to be asked is withdrawn: the
 * person may be typing the answer just then, and it answers nothing that comes in its place.
 */
export class QuestionQueue {
  readonly #screen: Screen;
  readonly #waiting: Question[] = [];
  #current: { readonly question: Question; readonly abort: AbortController } | null = null;
  /** The last question went without an answer. */
  #wasWithdrawn = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  put(question: Question): void {
    this.#waiting.push(question);
    void this.#next();
  }

  isAsking(id: string): boolean {
    return this.#current?.question.id === id;
  }

  /** What the question that stands is about: something long may have come between. */
  sayAgain(): void {
    for (const line of this.#current?.question.lines() ?? []) this.#screen.line(line);
  }

  withdraw(id: string): void {
    const at = this.#waiting.findIndex((question) => question.id === id);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (this.#current?.question.id === id) this.#current.abort.abort();
  }

  stop(): void {
    this.#waiting.length = 0;
    this.#current?.abort.abort();
  }

  async #next(): Promise<void> {
    if (this.#current) return;
    const question = this.#waiting.shift();
    if (!question) return;
    const abort = new AbortController();
    this.#current = { question, abort };
    const quietMs = this.#wasWithdrawn ? ARM_DELAY_MS : 0;
    this.sayAgain();
    const typed = await this.#screen.ask(question.words, abort.signal, quietMs);
    const asksOn = abort.signal.aborted ? null : (question.asksOn?.(typed) ?? null);
    const other = asksOn && (await asksOn);
    this.#current = null;
    this.#wasWithdrawn = abort.signal.aborted;
    if (!abort.signal.aborted) {
      if (other) this.#waiting.unshift(other);
      else if (asksOn === null) question.answer(typed);
    }
    await this.#next();
  }
}
