import type { Mutant } from './mutant.ts';

/** Seeded bugs that would let anybody on the network say who is there, or see through the veil. */

const DISCOVERY = 'electron/engine/discovery/';

export const DISCOVERED: readonly Mutant[] = [
  {
    name: 'a veil that is always the same',
    file: `${DISCOVERY}veil.ts`,
    find: "randomBytes(NONCE_BYTES).toString('hex')",
    replace: "'ab'.repeat(NONCE_BYTES)",
    tests: ['test/engine/discovery/veil.test.ts'],
  },
  {
    name: 'a veil whose number of marks tells',
    file: `${DISCOVERY}veil.ts`,
    find: 'Math.max(MARKS_STEP, Math.ceil(marks.length / MARKS_STEP) * MARKS_STEP)',
    replace: 'marks.length',
    tests: ['test/engine/discovery/veil.test.ts'],
  },
  {
    name: 'a veil that opens for nobody we know',
    file: `${DISCOVERY}veil.ts`,
    find: 'if (said.has(mark(meetingKey, nonce, id))) return',
    replace: 'if (said.size > 0 && mark(meetingKey, nonce, id) !== "") return',
    tests: ['test/engine/discovery/veil.test.ts'],
  },
  {
    name: 'remember whom a veil showed after they parted',
    file: `${DISCOVERY}veil.ts`,
    find: 'this.#known.clear();',
    replace: '',
    tests: ['test/engine/discovery/veil.test.ts'],
  },
  {
    name: 'hear announcements from elsewhere',
    file: `${DISCOVERY}mdns.ts`,
    find: 'if (this.#links?.isNear(address) !== true) return false;',
    replace: 'if (this.#links === undefined) return false;',
    tests: ['test/engine/discovery/mdns.test.ts'],
  },
  {
    name: 'dial wherever an announcement says',
    file: `${DISCOVERY}interfaces.ts`,
    find: 'isPrivate(address) && !own.has(address)',
    replace: '!own.has(address)',
    tests: ['test/engine/discovery/interfaces.test.ts'],
  },
  {
    name: 'let the internet in',
    file: 'electron/engine/transfer/door.ts',
    find: "return originOf(remoteAddress(socket), this.#interfaces) !== 'elsewhere';",
    replace: 'return true;',
    tests: ['test/engine/transfer/door.test.ts'],
  },
  {
    name: 'hear as many packets as come',
    file: `${DISCOVERY}packet-gate.ts`,
    find: 'if (this.#admitted >= MAX_MDNS_PACKETS_PER_SECOND) return false;',
    replace: '',
    tests: ['test/engine/discovery/packet-gate.test.ts'],
  },
  {
    name: 'a list of devices without an end',
    file: `${DISCOVERY}peer-table.ts`,
    find: 'this.#entries.size >= MAX_PEERS',
    replace: 'this.#entries.size < 0',
    tests: ['test/engine/discovery/peer-table.test.ts'],
  },
  {
    name: 'a goodbye that anybody can say',
    file: `${DISCOVERY}peer-table.ts`,
    find: 'const source = this.#entries.get(id)?.sources.get(from);',
    replace: 'const source = from && [...(this.#entries.get(id)?.sources.values() ?? [])][0];',
    tests: ['test/engine/discovery/peer-table.test.ts'],
  },
  {
    name: 'announcements that last as long as they say',
    file: `${DISCOVERY}peer-table.ts`,
    find: 'nowMs + Math.min(ttlSeconds * 1000, this.#maxTtlMs)',
    replace: 'nowMs + Math.max(ttlSeconds * 1000, this.#maxTtlMs)',
    tests: ['test/engine/discovery/peer-table.test.ts'],
  },
];
