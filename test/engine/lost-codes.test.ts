import { describe, expect, test } from 'vitest';
import { LostCodes } from '../../electron/engine/lost-codes.ts';
import {
  LOST_CODES_WINDOW_MS,
  MAX_LOST_CODES,
  MAX_LOST_CODES_PER_ADDRESS,
  PAIRING_REFUSED_MS,
} from '../../shared/protocol/limits.ts';

/** If these fail, somebody may guess at codes as often as they like, or a person cannot pair any more. */

describe('codes that came to nothing', () => {
  test('of one address are few, and then it is refused for a while', () => {
    const lost = new LostCodes();
    for (let n = 0; n < MAX_LOST_CODES_PER_ADDRESS; n++) {
      expect(lost.refuses('a', n)).toBe(false);
      lost.draw('a', n);
    }
    const lastMs = MAX_LOST_CODES_PER_ADDRESS - 1;
    expect(lost.refuses('a', lastMs)).toBe(true);
    expect(lost.refuses('b', lastMs)).toBe(false);
    expect(lost.refuses('a', lastMs + PAIRING_REFUSED_MS - 1)).toBe(true);
    expect(lost.refuses('a', lastMs + PAIRING_REFUSED_MS)).toBe(false);
  });

  test('far enough apart do not add up', () => {
    const lost = new LostCodes();
    for (let n = 0; n < 3 * MAX_LOST_CODES_PER_ADDRESS; n++) {
      expect(lost.refuses('a', n * LOST_CODES_WINDOW_MS)).toBe(false);
      lost.draw('a', n * LOST_CODES_WINDOW_MS);
    }
  });

  test('of all addresses are few too', () => {
    const lost = new LostCodes();
    for (let n = 0; n < MAX_LOST_CODES; n++) {
      expect(lost.refuses('new', 0)).toBe(false);
      lost.draw(`address ${n}`, 0);
    }
    expect(lost.refuses('new', 0)).toBe(true);
    expect(lost.refuses('new', LOST_CODES_WINDOW_MS)).toBe(false);
  });

  test('are forgotten with one that leads to a pairing', () => {
    const lost = new LostCodes();
    for (let n = 0; n < MAX_LOST_CODES_PER_ADDRESS; n++) lost.draw('a', 0);
    lost.paired('a');
    expect(lost.refuses('a', 0)).toBe(false);
  });
});
