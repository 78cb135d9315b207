import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { realPairing } from '../../../electron/engine/transfer/pairing-ports.ts';
import { meetingKeyOf } from '../../../shared/protocol/pairing-code.ts';

/** If this fails, two paired devices do not find each other behind the veil. */

const bytes = (value: number, length: number) => new Uint8Array(length).fill(value);
const ends = {
  initiatorSpki: bytes(1, 91),
  responderSpki: bytes(2, 91),
  exported: bytes(3, 32),
};

test('the meeting key is what §13.3 says, and is another one on another connection', () => {
  const key = meetingKeyOf(ends, realPairing);
  const length = Buffer.from([0, 91]);
  const wanted = createHmac('sha256', ends.exported)
    .update('dropline-meeting-v1')
    .update(Buffer.concat([length, ends.initiatorSpki, length, ends.responderSpki]))
    .digest();
  expect(Buffer.from(key).equals(wanted)).toBe(true);
  expect(meetingKeyOf({ ...ends, exported: bytes(4, 32) }, realPairing)).not.toEqual(key);
});
