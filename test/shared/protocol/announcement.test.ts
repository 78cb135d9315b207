import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../shared/model/peer.ts';
import { isPeerId, PLATFORMS } from '../../../shared/model/peer.ts';
import type { Hint } from '../../../shared/protocol/announcement.ts';
import {
  decodeAnnouncement,
  encodeAnnouncement,
  encodeVeiled,
  instanceName,
  MAX_MARKS,
} from '../../../shared/protocol/announcement.ts';
import { cleanDeviceName } from '../../../shared/protocol/device-name.ts';
import { MAX_TXT_BYTES } from '../../../shared/protocol/limits.ts';
import { anyText } from '../../support/any-text.ts';

const ID = 'ab'.repeat(32) as PeerId;
const peerId = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex') as PeerId);
const hint: fc.Arbitrary<Hint> = fc.record({
  version: fc.integer({ min: 1, max: 9999 }),
  id: peerId,
  name: anyText({ maxLength: 300 }),
  platform: fc.constantFrom(...PLATFORMS),
});

function strings(pairs: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(pairs).map(([key, value]) => Buffer.from(`${key}=${value}`));
}

const GOOD = { v: '1', id: ID, n: 'desk', p: 'linux' };

function txt(changes: Readonly<Record<string, string>>): Uint8Array[] {
  return strings({ ...GOOD, ...changes });
}

describe('the announcement', () => {
  it('says what it was given, with the name cleaned', () => {
    fc.assert(
      fc.property(hint, (said) => {
        const heard = decodeAnnouncement(strings(encodeAnnouncement(said)));
        expect(heard).toEqual({ ...said, name: cleanDeviceName(said.name) });
      }),
    );
  });

  it('fits its record, however long the name', () => {
    fc.assert(
      fc.property(hint, anyText({ minLength: 300 }), (said, name) => {
        const sizes = strings(encodeAnnouncement({ ...said, name })).map((s) => s.length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(255);
        expect(sizes.reduce((sum, size) => sum + size + 1, 0)).toBeLessThanOrEqual(MAX_TXT_BYTES);
      }),
    );
  });

  it('keeps dots in the name and out of the instance', () => {
    const said = { version: 1, id: ID, name: 'mac.local v2.0', platform: 'macos' } as const;
    expect(decodeAnnouncement(strings(encodeAnnouncement(said)))).toEqual(said);
    expect(instanceName(ID)).toBe('dropline-abababababab');
  });

  it('refuses what is missing or malformed', () => {
    expect(decodeAnnouncement(txt({}))).not.toBeNull();
    for (const key of ['v', 'id', 'n']) {
      const rest = Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== key));
      expect(decodeAnnouncement(strings(rest))).toBeNull();
    }
    for (const v of ['', '0', '-1', '1.0', '1e3', '99999', ' 1']) {
      expect(decodeAnnouncement(txt({ v }))).toBeNull();
    }
    for (const id of ['', ID.toUpperCase(), `${ID}0`, `${ID.slice(1)}g`, `${ID}\n`]) {
      expect(decodeAnnouncement(txt({ id }))).toBeNull();
    }
    expect(decodeAnnouncement([...txt({}), Uint8Array.of(0xff, 0xfe)])).toBeNull();
    expect(decodeAnnouncement([...txt({}), new Uint8Array(MAX_TXT_BYTES)])).toBeNull();
  });

  it('takes the first of two, whatever the case, and passes over what it does not know', () => {
    const more = strings({ N: 'other', x: 'y', '': 'z', p: 'windows' });
    expect(decodeAnnouncement([...txt({ p: 'amiga' }), ...more])).toEqual({
      version: 1,
      id: ID,
      name: 'desk',
      platform: 'other',
    });
  });

  it('never throws, and never lets a wrong id through', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 255 }),
      fc.string({ maxLength: 80 }).map((s) => Buffer.from(s)),
      fc.constantFrom(...txt({}), ...txt({ id: 'x', n: '\u202e' })),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const heard = decodeAnnouncement(pieces);
        if (heard === null || 'nonce' in heard) return;
        expect(isPeerId(heard.id)).toBe(true);
        expect(heard.name).toBe(cleanDeviceName(heard.name));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the veiled announcement', () => {
  const hex = (bytes: number) =>
    fc
      .uint8Array({ minLength: bytes, maxLength: bytes })
      .map((drawn) => Buffer.from(drawn).toString('hex'));
  const marks = fc.array(hex(8), { maxLength: MAX_MARKS });
  const nonce = hex(16);

  it('says what it was given, and fits its record', () => {
    fc.assert(
      fc.property(nonce, marks, (drawn, given) => {
        const said = { version: 1, nonce: drawn, marks: given };
        const record = strings(encodeVeiled(said));
        expect(decodeAnnouncement(record)).toEqual(said);
        expect(Math.max(...record.map((string) => string.length))).toBeLessThanOrEqual(255);
        const bytes = record.reduce((sum, string) => sum + string.length + 1, 0);
        expect(bytes).toBeLessThanOrEqual(MAX_TXT_BYTES);
      }),
    );
  });

  it('refuses what is malformed, and takes no name from it', () => {
    const good = { v: '1', r: 'ab'.repeat(16), m0: '01'.repeat(8) };
    expect(decodeAnnouncement(strings({ ...good, id: ID, n: 'desk' }))).toEqual({
      version: 1,
      nonce: good.r,
      marks: [good.m0],
    });
    for (const r of ['', 'ab', 'AB'.repeat(16), `${good.r}0`]) {
      expect(decodeAnnouncement(strings({ ...good, r }))).toBeNull();
    }
    for (const m0 of ['', '01', `${good.m0}0`, 'x'.repeat(16)]) {
      expect(decodeAnnouncement(strings({ ...good, m0 }))).toBeNull();
    }
  });
});
