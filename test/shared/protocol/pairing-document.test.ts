import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { realPairing } from '../../../electron/engine/transfer/pairing-ports.ts';
import { spacedCode } from '../../../shared/model/pairing.ts';
import { FRAME_TYPES } from '../../../shared/protocol/frame.ts';
import { toHex } from '../../../shared/protocol/hash-tree.ts';
import { PAIRING_ALPN_PROTOCOLS } from '../../../shared/protocol/limits.ts';
import { EXPORTER_LABEL } from '../../../shared/protocol/pairing-code.ts';
import type { PairingMessage } from '../../../shared/protocol/pairing-messages.ts';
import {
  PAIRING_FRAME_TYPES,
  decodePairing,
  encodePairing,
} from '../../../shared/protocol/pairing-messages.ts';
import type { PairingOutcome } from '../../../shared/protocol/pairing.ts';
import { createPairing, stepPairing } from '../../../shared/protocol/pairing.ts';
import {
  blocks,
  fromSpacedHex,
  messageRows,
  section,
  shownAs,
  vectorsOf,
} from '../../support/protocol-document.ts';

describe('pairing in the specification', () => {
  const listed = messageRows('13 Pairing');

  /** The parts of A.7: two keys, what TLS exports, and the code. */
  const parts = new Map(
    [...(blocks('pairing-code')[0] ?? '').matchAll(/^([A-Z_]+)\n([0-9a-f \n]+)/gm)].map(
      ([, name, value]) => [name, (value ?? '').trim()],
    ),
  );
  const part = (name: string): Uint8Array => fromSpacedHex(parts.get(name) ?? '');
  const ends = {
    initiatorSpki: part('SPKI_I'),
    responderSpki: part('SPKI_R'),
    exported: part('EKM'),
  };

  const vectors = vectorsOf<keyof typeof PAIRING_FRAME_TYPES>('pairing');
  const readPairing = (frame: Uint8Array): PairingMessage | null =>
    decodePairing(frame[4] ?? 0, frame.subarray(5));
  const bytesSaidBy = (type: string): Uint8Array =>
    fromSpacedHex(vectors.find(({ shown }) => shown.type === type)?.shown.bytes ?? '');

  test('lists every message with its number, and shows each in a vector', () => {
    const names = listed.map(([type, name]) => [name, Number(type)]);
    expect(Object.fromEntries(names)).toEqual(PAIRING_FRAME_TYPES);
    expect(new Set(vectors.map(({ shown }) => shown.type))).toEqual(
      new Set(Object.keys(PAIRING_FRAME_TYPES)),
    );
    for (const name of PAIRING_ALPN_PROTOCOLS) {
      expect(section('13 Pairing')).toContain(`\`${name}\``);
    }
    expect(section('13 Pairing')).toContain(`\`${EXPORTER_LABEL}\``);
  });

  test('gives no number two meanings', () => {
    for (const [name, type] of Object.entries(PAIRING_FRAME_TYPES)) {
      const inSessions = Object.entries(FRAME_TYPES).find(([, other]) => other === type)?.[0];
      expect(inSessions ?? name).toBe(name);
    }
  });

  test('has vectors that the code reads and writes', () => {
    for (const { shown, frame } of vectors) {
      const message = readPairing(frame);
      expect(frame).toHaveLength(4 + Buffer.from(frame).readUInt32BE(0));
      expect(message && shownAs(message)).toEqual(shown);
      expect(message && toHex(encodePairing(message))).toBe(toHex(frame));
    }
  });

  test.each(['initiator', 'responder'] as const)('is what our %s says and shows', (role) => {
    const initiates = role === 'initiator';
    const said: string[] = [];
    const shown: string[] = [];
    let outcome: PairingOutcome | null = null;
    const nonce = bytesSaidBy(initiates ? 'reveal' : 'nonce');
    const platform = initiates ? 'other' : 'linux';
    let step = createPairing({ role, name: role, platform, ends, nonce, ports: realPairing });
    const perform = (next: typeof step): void => {
      step = next;
      for (const effect of next.effects) {
        if (effect.kind === 'send') said.push(toHex(encodePairing(effect.message)));
        if (effect.kind === 'show') shown.push(spacedCode(effect.code));
        if (effect.kind === 'end') outcome = effect.outcome;
      }
    };
    perform(step);
    const own = initiates ? 'I' : 'R';
    for (const { from, shown: what, frame } of vectors) {
      if (from !== '' && from !== own) {
        perform(stepPairing(step.state, { kind: 'message', message: readPairing(frame)! }));
      } else if (from === own && what.type === 'match') {
        perform(stepPairing(step.state, { kind: 'answer', answer: 'match' }));
      }
    }
    const wanted = vectors.filter(({ from }) => from === own);
    expect(said).toEqual(wanted.map(({ frame }) => toHex(frame)));
    expect(shown).toEqual([parts.get('CODE')]);
    expect(outcome).toEqual({ kind: 'paired' });
  });

  test('has a code that follows from its hashes, written anew', () => {
    const lp = (bytes: Uint8Array): Buffer => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return Buffer.concat([length, bytes]);
    };
    const id = (spki: Uint8Array): Buffer => createHash('sha256').update(spki).digest();
    const [mine, theirs] = [bytesSaidBy('reveal'), bytesSaidBy('nonce')];
    const { initiatorSpki, responderSpki, exported } = ends;
    const ids = [id(initiatorSpki), id(responderSpki), mine].map(lp);
    const commit = createHash('sha256')
      .update(Buffer.concat([Buffer.from('dropline-sas-commit-v1'), ...ids]))
      .digest('hex');
    expect(commit).toBe(toHex(bytesSaidBy('commit')));
    const all = [initiatorSpki, responderSpki, mine, theirs].map(lp);
    const mac = createHmac('sha256', exported)
      .update(Buffer.concat([Buffer.from('dropline-sas-v1'), ...all]))
      .digest();
    const digits = String(mac.readBigUInt64BE(0) % 1_000_000n).padStart(6, '0');
    expect(`${digits.slice(0, 3)} ${digits.slice(3)}`).toBe(parts.get('CODE'));
    expect(createHash('sha256').update(initiatorSpki).digest('hex')).toBe(
      blocks('peer-id')[0]?.split('\n').at(-1),
    );
  });
});
