import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { PLAIN_NAME_QUIET_MS } from '../../shared/protocol/limits.ts';
import { readPlainName } from '../../shared/protocol/plain-name.ts';
import type { PlainReceiverEffect, PlainReceiverInput } from '../../shared/protocol/plain.ts';
import {
  createPlainReceiver,
  plainReceiverDeadlineMs,
  stepPlainReceiver,
} from '../../shared/protocol/plain.ts';
import { fuzz } from '../support/fuzz.ts';

/** The bare exchange has no end mark: however a name is cut up and delayed, it is whole, or it is none. */

const names = (
  JSON.parse(readFileSync(new URL('../corpus/names.json', import.meta.url), 'utf8')) as {
    readonly parts: readonly string[];
  }[]
).map(({ parts }) => parts.join('/'));

const piece = fc.record({
  bytes: fc.integer({ min: 1, max: 40 }),
  waitMs: fc.integer({ min: 0, max: 400 }),
});

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

fuzz(
  'plain-chunks',
  fc.property(
    fc.constantFrom(...names),
    fc.array(piece, { minLength: 1, maxLength: 20 }),
    (name, pieces) => {
      const bytes = new TextEncoder().encode(name);
      let state = createPlainReceiver('linux', 0);
      let nowMs = 0;
      const effects: PlainReceiverEffect[] = [];
      const step = (input: PlainReceiverInput): void => {
        const next = stepPlainReceiver(state, input);
        state = next.state;
        effects.push(...next.effects);
      };
      const wait = (ms: number): void => {
        const untilMs = nowMs + ms;
        for (;;) {
          const dueMs = plainReceiverDeadlineMs(state);
          if (dueMs === null || dueMs > untilMs) break;
          nowMs = Math.max(nowMs, dueMs);
          step({ kind: 'tick', nowMs });
        }
        nowMs = untilMs;
      };
      let at = 0;
      /** What a receiver may take for the name: all that came before the first silence. */
      let heard: number | null = null;
      for (let n = 0; at < bytes.length; n++) {
        const { bytes: size, waitMs } = pieces[n % pieces.length] ?? { bytes: 1, waitMs: 0 };
        step({ kind: 'bytes', bytes: bytes.subarray(at, at + size), nowMs });
        at = Math.min(bytes.length, at + size);
        if (waitMs >= PLAIN_NAME_QUIET_MS) heard ??= at;
        wait(waitMs);
      }
      heard ??= bytes.length;
      wait(PLAIN_NAME_QUIET_MS);
      const asked = effects.filter((effect) => effect.kind === 'ask');
      must(asked.length <= 1, 'asked twice');
      must(!effects.some(({ kind }) => kind === 'write' || kind === 'content'), 'ok before a yes');
      const [ask] = asked;
      if (ask === undefined) return;
      const judged = readPlainName(bytes.subarray(0, heard), 'linux');
      must(judged.ok && judged.name === ask.name && judged.saved === ask.saved, 'another name');
      must(!/[/\0]/.test(ask.saved) && !['', '.', '..'].includes(ask.saved), 'it leads elsewhere');
      // what went on after the silence shows that it was not the whole name: nothing is saved by it
      if (heard < bytes.length) must(state.phase === 'ended', 'half a name is a name');
    },
  ),
);
