import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OfferFacts } from '../../../shared/model/permission.ts';
import { MAX_UNASKED_UNDER_WAY, permissionFor } from '../../../shared/model/permission.ts';
import { VISIBILITIES } from '../../../shared/model/settings.ts';

/** If these fail, something is taken that nobody has said yes to. */

const facts: fc.Arbitrary<OfferFacts> = fc.record({
  policy: fc.constantFrom('ask', 'paired', 'all'),
  visibility: fc.constantFrom(...VISIBILITIES),
  isPaired: fc.boolean(),
  rule: fc.option(
    fc.record({
      maxBytes: fc.option(fc.nat(100)),
      directory: fc.option(fc.constantFrom('/one', '/two')),
    }),
  ),
  bytes: fc.nat(200),
  underWay: fc.nat(2 * MAX_UNASKED_UNDER_WAY),
  isOnTrustedNetwork: fc.boolean(),
});

const asked = facts.map((drawn) => ({ ...drawn, policy: 'ask' }) as const);

it('a person is asked unless the device, the size, the network and what is under way all allow it', () => {
  fc.assert(
    fc.property(asked, (offer) => {
      const { isPaired, rule, bytes, underWay, isOnTrustedNetwork } = offer;
      const isSmall = rule !== null && (rule.maxBytes === null || bytes <= rule.maxBytes);
      const fits = isSmall && underWay < MAX_UNASKED_UNDER_WAY;
      const isAccepted = permissionFor(offer).kind === 'accept';
      expect(isAccepted).toBe(isPaired && isOnTrustedNetwork && fits);
    }),
  );
});

it('a rule says where things go', () => {
  fc.assert(
    fc.property(asked, (offer) => {
      const permission = permissionFor(offer);
      if (permission.kind !== 'accept') return;
      expect(permission.directory).toBe(offer.rule?.directory ?? null);
    }),
  );
});

it('strangers are heard only by who is visible to them, and a rule never speaks for one', () => {
  fc.assert(
    fc.property(asked, (offer) => {
      const stranger = { ...offer, isPaired: false };
      const kind = offer.visibility === 'everyone' ? 'ask' : 'decline';
      expect(permissionFor(stranger)).toEqual({ kind });
    }),
  );
});

it('what the command line says stands above all', () => {
  fc.assert(
    fc.property(facts, (offer) => {
      expect(permissionFor({ ...offer, policy: 'all' }).kind).toBe('accept');
      const paired = permissionFor({ ...offer, policy: 'paired' });
      expect(paired.kind).toBe(offer.isPaired ? 'accept' : 'decline');
    }),
  );
});
