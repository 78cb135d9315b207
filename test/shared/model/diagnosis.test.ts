import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer, Evidence } from '../../../shared/model/diagnosis.ts';
import { diagnose } from '../../../shared/model/diagnosis.ts';

/** If these fail, somebody whose device is not seen is sent to look in the wrong place. */

const WELL: Evidence = {
  addresses: ['192.168.1.5'],
  interface: null,
  port: 47710,
  visibility: 'everyone',
  discovery: 'on',
  ownHeard: 5,
  othersHeard: 3,
  found: 2,
  isReached: true,
  tunnels: [],
  firewall: null,
  target: null,
};

const codes = (evidence: Partial<Evidence>): readonly string[] =>
  diagnose({ ...WELL, ...evidence }).map(({ code }) => code);

test('where all is well only that is said', () => {
  expect(codes({})).toEqual(['LISTENING', 'REACHED', 'DEVICES_FOUND']);
});

test('without a network nothing else counts', () => {
  expect(codes({ addresses: [], port: null, firewall: 'ufw' })).toEqual(['NO_NETWORK']);
});

test.each<[string, Partial<Evidence>, string]>([
  ['a port that is closed', { port: null }, 'NOT_LISTENING'],
  ['a device that is hidden', { visibility: 'hidden' }, 'HIDDEN'],
  ['nobody who has come', { isReached: false }, 'NOT_REACHED'],
  ['a search that is off', { discovery: 'off' }, 'DISCOVERY_OFF'],
  ['a search that failed', { discovery: 'failed' }, 'DISCOVERY_FAILED'],
  ['not even itself', { found: 0, othersHeard: 0, ownHeard: 0 }, 'NOTHING_HEARD'],
  ['only itself', { found: 0, othersHeard: 0 }, 'NOBODY_HEARD'],
  ['others, without Dropline', { found: 0 }, 'OTHERS_HEARD'],
  ['a tunnel', { tunnels: ['wg0'] }, 'TUNNEL'],
  ['a firewall', { firewall: 'ufw' }, 'FIREWALL'],
])('names %s', (_what, evidence, code) => {
  expect(codes(evidence)).toContain(code);
});

test('a face that never listens is not blamed for it', () => {
  expect(codes({ port: undefined })).toEqual(['DEVICES_FOUND']);
});

describe('a device that was knocked at', () => {
  const after = (answer: Answer, isOnLink = true) =>
    diagnose({ ...WELL, target: { host: '192.168.1.9', port: 1, answer, isOnLink } });

  test.each<[Answer, string]>([
    ['refused', 'TARGET_REFUSES'],
    ['silent', 'TARGET_SILENT'],
    ['unreachable', 'TARGET_UNREACHABLE'],
    ['notDropline', 'TARGET_NOT_DROPLINE'],
    ['self', 'TARGET_IS_SELF'],
    ['unknown', 'TARGET_UNKNOWN'],
  ])('and is %s comes first', (answer, code) => {
    const [first] = after(answer);
    expect(first).toEqual({ code, level: 'bad', details: { host: '192.168.1.9', port: 1 } });
  });

  test('and answers is well', () => {
    expect(after('answers').map(({ code }) => code)).toContain('TARGET_ANSWERS');
  });

  test('is far only where that may be why it does not answer', () => {
    const isFar = (answer: Answer, isOnLink: boolean) =>
      after(answer, isOnLink).some(({ code }) => code === 'TARGET_FAR');
    expect([isFar('silent', false), isFar('silent', true), isFar('refused', false)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

test('one interface alone may be the reason, and is the reason where it is away', () => {
  const codes = (more: Partial<Evidence>) =>
    diagnose({ ...WELL, interface: 'eth0', ...more }).map(({ code, details }) => [code, details]);
  expect(codes({})).toContainEqual(['ONE_INTERFACE', { name: 'eth0' }]);
  expect(codes({ addresses: [] })).toEqual([['INTERFACE_AWAY', { name: 'eth0' }]]);
});

test('what stands in the way comes before what may, and that before what works; nothing twice', () => {
  const evidence = fc.record<Evidence>({
    addresses: fc.constantFrom([], ['192.168.1.5']),
    interface: fc.constantFrom(null, 'eth0'),
    port: fc.constantFrom(1, null, undefined),
    visibility: fc.constantFrom('everyone', 'paired', 'hidden'),
    discovery: fc.constantFrom('on', 'off', 'failed'),
    ownHeard: fc.constantFrom(null, 0, 5),
    othersHeard: fc.constantFrom(null, 0, 5),
    found: fc.nat(2),
    isReached: fc.boolean(),
    tunnels: fc.constantFrom([], ['tun0']),
    firewall: fc.constantFrom(null, 'ufw'),
    target: fc.option(
      fc.record({
        host: fc.constant('h'),
        port: fc.constant(1),
        answer: fc.constantFrom<Answer>('answers', 'refused', 'silent', 'unreachable', 'self'),
        isOnLink: fc.boolean(),
      }),
    ),
  });
  fc.assert(
    fc.property(evidence, (one) => {
      const found = diagnose(one);
      const order = found.map(({ level }) => ['bad', 'note', 'good'].indexOf(level));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(new Set(found.map(({ code }) => code)).size).toBe(found.length);
      if (one.port !== undefined) expect(found.length).toBeGreaterThan(0);
    }),
  );
});
