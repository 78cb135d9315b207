import type { Mutant } from './mutant.ts';

/** Seeded bugs that would let somebody pass for another: keys, TLS, pairing, what is kept of them. */

const AUTHENTICATION = 'electron/engine/transfer/authentication.ts';
const PAIRING = 'shared/protocol/pairing.ts';
const IDENTITY_FILE = 'electron/engine/identity.ts';

export const IDENTITY: readonly Mutant[] = [
  {
    name: 'accept a resumed TLS session',
    file: AUTHENTICATION,
    find: 'socket.isSessionReused() || ',
    replace: '',
    tests: ['test/engine/transfer/resumed-sessions.test.ts'],
  },
  {
    name: 'give out session tickets',
    file: AUTHENTICATION,
    find: '    secureOptions: constants.SSL_OP_NO_TICKET,\n',
    replace: '',
    tests: ['test/engine/transfer/resumed-sessions.test.ts'],
  },
  {
    name: 'take our own key for a peer',
    file: AUTHENTICATION,
    find: "if (peerId === ownId) throw new DroplineError('PEER_IS_SELF');",
    replace: '',
    tests: ['test/engine/transfer/strangers.test.ts'],
  },
  {
    name: 'take a key on any curve',
    file: AUTHENTICATION,
    find: "if (key?.namedCurve !== 'prime256v1') throw new DroplineError('NOT_DROPLINE');",
    replace: 'void key;',
    tests: ['test/engine/transfer/strangers.test.ts'],
  },
  {
    name: 'take older TLS too',
    file: AUTHENTICATION,
    find: "minVersion: 'TLSv1.3' as const",
    replace: "minVersion: 'TLSv1.2' as const",
    tests: ['test/engine/transfer/strangers.test.ts'],
  },
  {
    name: 'pin the certificate and not its key',
    file: AUTHENTICATION,
    find: "createHash('sha256').update(spkiOf(certificate))",
    replace: "createHash('sha256').update(certificate.raw)",
    tests: ['test/engine/transfer/resumed-sessions.test.ts'],
  },
  {
    name: 'trust the announced id and not the key',
    file: 'electron/engine/transfer/dial.ts',
    find: 'expectedPeerId !== null && peerId !== expectedPeerId',
    replace: 'expectedPeerId !== null && peerId === null',
    tests: ['test/engine/transfer/dial.test.ts'],
  },
  {
    name: 'trust the name and not the key',
    file: 'electron/engine/state/standing.ts',
    find: 'paired.find((known) => known.id === id)',
    replace: 'paired.find((known) => known.id === id || known.name === peer.name)',
    tests: ['test/engine/state/standing.test.ts'],
  },
  {
    name: 'list by the name and not the key',
    file: 'electron/engine/state/standing.ts',
    find: 'paired.find(({ id }) => id === peer.id)',
    replace: 'paired.find(({ name }) => name === peer.name)',
    tests: ['test/engine/state/standing.test.ts'],
  },
  {
    name: 'a rule for whoever bears the name',
    file: 'electron/engine/transfer-events.ts',
    find: 'const device = trust.devices.find(({ id }) => id === peer.id);',
    replace: 'const device = trust.devices.find(({ name }) => name === peer.name);',
    tests: ['test/engine/permissions.test.ts'],
  },
  {
    name: 'skip the commitment in pairing',
    file: PAIRING,
    find: 'if (!ports.equal(commitTo(ends, theirs, ports), commit)) return violation(state);',
    replace: 'void commit;',
    tests: ['test/shared/protocol/pairing.test.ts', 'test/engine/transfer/pairing-attack.test.ts'],
  },
  {
    name: 'pin after only one side said yes',
    file: PAIRING,
    find: 'if (!state.weMatch || !state.theyMatch) return',
    replace: 'if (!state.weMatch && !state.theyMatch) return',
    tests: ['test/shared/protocol/pairing.test.ts'],
  },
  {
    name: 'pin before the other side has confirmed',
    file: PAIRING,
    find: "return message.type === 'paired' ? ended",
    replace: "return message.type !== 'mismatch' ? ended",
    tests: ['test/shared/protocol/pairing.test.ts'],
  },
  {
    name: 'take the commit of a mirror',
    file: PAIRING,
    find: '  const { ends, nonce, ports } = options;\n  if (same(theirs, nonce)) return violation(state);\n  const code',
    replace: '  const { ends, nonce, ports } = options;\n  const code',
    tests: ['test/shared/protocol/pairing.test.ts'],
  },
  {
    name: 'leave the keys out of the code',
    file: 'shared/protocol/pairing-code.ts',
    find: 'const parts = [initiatorSpki, responderSpki, initiatorNonce, responderNonce];',
    replace:
      'const parts = [initiatorNonce, responderNonce];\n  void [initiatorSpki, responderSpki];',
    tests: ['test/shared/protocol/pairing.test.ts'],
  },
  {
    name: 'leave the connection out of the code',
    file: 'shared/protocol/pairing-code.ts',
    find: "ports.hmacSha256(exported, joined('dropline-sas-v1', parts))",
    replace: "ports.hmacSha256(exported.subarray(0, 0), joined('dropline-sas-v1', parts))",
    tests: ['test/shared/protocol/pairing.test.ts'],
  },
  {
    name: 'guess codes without end',
    file: 'electron/engine/lost-codes.ts',
    find: 'this.#draws.length >= MAX_LOST_CODES || this.#refusedUntilMs.has(address)',
    replace: 'this.#draws.length < 0 || address === ""',
    tests: ['test/engine/pairings.test.ts'],
  },
  {
    name: 'a code that differs blocks nobody',
    file: 'electron/engine/pairings.ts',
    find: "if (outcome.kind === 'mismatch' && peerId !== null) await this.#block(peerId, name);",
    replace: '',
    tests: ['test/engine/pairings.test.ts'],
  },
  {
    name: 'a key file that others can read',
    file: 'electron/engine/atomic-file.ts',
    find: "const file = await open(temporary, 'wx', 0o600);",
    replace: "const file = await open(temporary, 'wx', 0o644);",
    tests: ['test/engine/home.test.ts'],
  },
  {
    name: 'leave a key open to others',
    file: IDENTITY_FILE,
    find: 'await chmod(path, OWNER_ONLY);',
    replace: 'await Promise.resolve([chmod, OWNER_ONLY]);',
    tests: ['test/engine/home.test.ts'],
  },
  {
    name: 'a new identity where the old is unreadable',
    file: IDENTITY_FILE,
    find: "throw new DroplineError('IDENTITY_UNREADABLE', { path }, { cause });",
    replace:
      'void cause;\n    const fresh = await newFile(null);\n    return identityOf(keyIn(fresh), certificateIn(fresh));',
    tests: ['test/engine/home.test.ts'],
  },
  {
    name: 'a new identity where the key store is closed',
    file: IDENTITY_FILE,
    find: "if (sealed && !keyStore) throw new DroplineError('KEY_IN_STORE', { path });",
    replace: 'if (sealed && !keyStore) file = await newFile(null);',
    tests: ['test/engine/sealed-key.test.ts'],
  },
  {
    name: 'seal what the store does not give back',
    file: IDENTITY_FILE,
    find: "if (secret !== key) throw new Error('the store gives back something else');",
    replace: 'void secret;',
    tests: ['test/engine/sealed-key.test.ts'],
  },
  {
    name: 'write a sealed key as it is',
    file: 'electron/engine/identity-file.ts',
    find: 'const base64 = Buffer.from(sealed)',
    replace: 'const base64 = Buffer.from(sealed.map((byte) => byte ^ 7))',
    tests: ['test/engine/sealed-key.test.ts'],
  },
  {
    name: 'nobody is paired where the list is unreadable',
    file: 'electron/engine/trust.ts',
    find: "throw new DroplineError('IDENTITY_UNREADABLE', { path }, { cause });",
    replace: 'void cause;\n    return { text, pins: [] };',
    tests: ['test/engine/home.test.ts', 'test/engine/trust.test.ts'],
  },
];
