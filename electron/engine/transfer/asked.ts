import type { Failure } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';

interface Waiting<T> {
  readonly resolve: (answer: T) => void;
  readonly reject: (error: DroplineError) => void;
}

/** Questions of one kind to a thread, until it answers them, or dies. */
export class Asked<T> {
  readonly #waiting = new Map<number, Waiting<T>>();
  #count = 0;
  #lost: Failure | null = null;

  /** `post`: sends the question, with a number that the answer has too. Throws what the thread says. */
  ask(post: (request: number) => void): Promise<T> {
    if (this.#lost) return Promise.reject(errorOf(this.#lost));
    const request = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject });
      post(request);
    });
  }

  answered(request: number, answer: T): void {
    this.#take(request)?.resolve(answer);
  }

  refused(request: number, why: Failure): void {
    this.#take(request)?.reject(errorOf(why));
  }

  /** Nobody answers any more. */
  lost(why: Failure): void {
    this.#lost = why;
    for (const request of [...this.#waiting.keys()]) this.refused(request, why);
  }

  #take(request: number): Waiting<T> | undefined {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    return waiting;
  }
}

export function errorOf({ code, details }: Failure): DroplineError {
  return new DroplineError(code, details);
}
