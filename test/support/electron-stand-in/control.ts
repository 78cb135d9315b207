import { EventEmitter, once } from 'node:events';

/**
 * The wire between the stand-in and the test that started it: everything that the program asked of the
 * system goes out as a record, and the test answers dialogs and plays the system's part.
 */

/** One thing that the program asked of the system, such as `showMessageBox` with its options. */
export interface SystemRecord {
  readonly kind: string;
  readonly value: unknown;
}

export type Instruction =
  /** Closes the oldest open dialog of that kind, or the next one to be opened. */
  | { readonly kind: 'answer'; readonly dialog: string; readonly value: unknown }
  | { readonly kind: 'emit'; readonly event: string }
  /** Asks the main process as if some other frame had. */
  | { readonly kind: 'invokeFrom'; readonly origin: string; readonly channel: string };

export const instructions = new EventEmitter();
const answers = new Map<string, unknown[]>();

process.on('message', (message: Instruction) => {
  if (message.kind === 'answer') {
    answers.set(message.dialog, [...(answers.get(message.dialog) ?? []), message.value]);
  }
  instructions.emit(message.kind, message);
});

export function record(kind: string, value: unknown = null): void {
  process.send?.({ kind, value } satisfies SystemRecord);
}

/** Waits as long as a person would: until the test says what was clicked. */
export async function answerTo(dialog: string): Promise<unknown> {
  for (;;) {
    const waiting = answers.get(dialog) ?? [];
    if (waiting.length > 0) return waiting.shift();
    await once(instructions, 'answer');
  }
}
