import { createHmac, randomBytes } from 'node:crypto';
import { Latest } from '../../../shared/latest.ts';
import type { PeerId } from '../../../shared/model/peer.ts';
import type { Hint, VeiledHint } from '../../../shared/protocol/announcement.ts';
import { MAX_MARKS, markInput } from '../../../shared/protocol/announcement.ts';
import type { Acquaintance } from './discovery-messages.ts';

const MARK_BYTES = 8;
const NONCE_BYTES = 16;
/** Neither the number of marks nor their order tells who or how many are paired. */
const MARKS_STEP = 10;
/** Each announcement is heard many times. */
const MAX_REMEMBERED = 1_000;

/** An announcement that only the paired devices can tell from noise. New at each call. */
export function veiled(version: number, own: PeerId, paired: readonly Acquaintance[]): VeiledHint {
  const nonce = randomBytes(NONCE_BYTES).toString('hex');
  const marks = paired.slice(0, MAX_MARKS).map(({ meetingKey }) => mark(meetingKey, nonce, own));
  const count = Math.max(MARKS_STEP, Math.ceil(marks.length / MARKS_STEP) * MARKS_STEP);
  while (marks.length < count) {
    marks.push(randomBytes(MARK_BYTES).toString('hex'));
  }
  return { version, nonce, marks: marks.sort() };
}

function mark(meetingKey: string, nonce: string, announcer: PeerId): string {
  const hmac = createHmac('sha256', Buffer.from(meetingKey, 'hex'));
  return hmac.update(markInput(nonce, announcer)).digest().toString('hex', 0, MARK_BYTES);
}

/**
 * Tells whose a veiled announcement is. Anyone can repeat one that was heard: like all of discovery it
 * is a hint, and who is dialled shows by TLS. Each costs a hash for each paired device, once.
 */
export class Recogniser {
  #paired: readonly Acquaintance[] = [];
  readonly #known = new Latest<string, Hint | null>(MAX_REMEMBERED);

  setPaired(paired: readonly Acquaintance[]): void {
    this.#paired = paired;
    this.#known.clear();
  }

  recognise(said: VeiledHint): Hint | null {
    const key = `${said.nonce} ${said.marks.join('')}`;
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    const who = this.#search(said);
    this.#known.set(key, who);
    return who;
  }

  #search({ version, nonce, marks }: VeiledHint): Hint | null {
    const said = new Set(marks);
    for (const { id, name, platform, meetingKey } of this.#paired) {
      if (said.has(mark(meetingKey, nonce, id))) return { version, id, name, platform };
    }
    return null;
  }
}
