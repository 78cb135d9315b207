import type { Mutant } from './mutant.ts';

/** Seeded bugs that would give strangers on the network room, a voice or an ear that is not theirs. */

const FRAME = 'shared/protocol/frame.ts';
const EVENTS = 'electron/engine/transfer-events.ts';
const PERMISSION = 'shared/model/permission.ts';
const RECEIVE = 'electron/engine/transfer/tls-receive.ts';
const LISTENER = 'electron/engine/transfer/listener.ts';

export const NETWORK: readonly Mutant[] = [
  {
    name: 'drop the length cap of a frame',
    file: FRAME,
    find: 'length >= 1 && length <= MAX_FRAME_BYTES',
    replace: 'length >= 1',
    tests: ['test/shared/protocol/frame.test.ts'],
  },
  {
    name: 'thumbnails that nobody has asked for',
    file: 'shared/protocol/thumbnails.ts',
    find: 'const isDue = asked &&',
    replace: 'const isDue = (asked || true) &&',
    tests: ['test/shared/protocol/thumbnails.test.ts'],
  },
  {
    name: 'thumbnails of any size',
    file: 'shared/protocol/small-jpeg.ts',
    find: 'pixels >= 1 && pixels <= MAX_THUMBNAIL_PIXELS',
    replace: 'pixels >= 1',
    tests: ['test/shared/protocol/thumbnails.test.ts'],
  },
  {
    name: 'decode a picture of any size',
    file: 'electron/engine/transfer/make-thumbnail.ts',
    find: 'if (!header || header.width * header.height > MAX_SOURCE_PIXELS) return null;',
    replace: 'if (!header) return null;',
    tests: ['test/engine/transfer/make-thumbnail.test.ts'],
  },
  {
    name: 'decode what is hidden behind no segment',
    file: 'electron/engine/transfer/picture-header.ts',
    find: 'if (type === SCAN || !hasLength(type)) return null;',
    replace: 'if (type === SCAN) return null;',
    tests: ['test/engine/transfer/make-thumbnail.test.ts'],
  },
  {
    name: 'unpack colours of any size',
    file: 'electron/engine/transfer/picture-header.ts',
    find: 'if (profileBytes > MAX_PROFILE_BYTES) return null;',
    replace: '',
    tests: ['test/engine/transfer/make-thumbnail.test.ts'],
  },
  {
    name: 'tell of every end at once',
    file: 'electron/engine/state/store.ts',
    find: 'isEnd(change) && this.#mayHurry()',
    replace: 'isEnd(change)',
    tests: ['test/engine/state/store.test.ts'],
  },
  {
    name: 'show the pictures of strangers',
    file: 'shared/model/pictures.ts',
    find: 'return peer.verified || asked;',
    replace: 'return peer.verified || asked || true;',
    tests: ['test/shared/model/pictures.test.ts'],
  },
  {
    name: 'parse JSON of any depth',
    file: 'shared/protocol/json.ts',
    find: 'if (tooDeep(payload)) return null;',
    replace: 'void tooDeep;',
    tests: ['test/shared/protocol/json.test.ts'],
  },
  {
    name: 'a list of entries without an end',
    file: 'shared/protocol/manifest.ts',
    find: 'entries >= 1 && entries <= MAX_ENTRIES',
    replace: 'entries >= 1',
    tests: ['test/shared/protocol/manifest.test.ts'],
  },
  {
    name: 'no limit of waiting connections for an address',
    file: LISTENER,
    find: 'if (near.length >= MAX_UNAUTHENTICATED_PER_ADDRESS) this.#drop(near[0]);',
    replace: 'void near;',
    tests: ['test/engine/transfer/wire.test.ts'],
  },
  {
    name: 'no limit of waiting connections at all',
    file: LISTENER,
    find: 'this.#waiting.size >= MAX_UNAUTHENTICATED',
    replace: 'this.#waiting.size < 0',
    tests: ['test/engine/transfer/wire.test.ts'],
  },
  {
    name: 'no limit of sessions for an address',
    file: RECEIVE,
    find: 'if (near.length > MAX_UNAUTHENTICATED_PER_ADDRESS) near[0]?.abandon();\n    else if',
    replace: 'if',
    tests: ['test/engine/transfer/hostile-offers.test.ts'],
  },
  {
    name: 'wait for a handshake as long as it takes',
    file: LISTENER,
    find: '    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,\n',
    // Node's own, two minutes, is about as long as a test may take
    replace: '    handshakeTimeout: 200 * HANDSHAKE_TIMEOUT_MS,\n',
    tests: ['test/engine/transfer/strangers.test.ts'],
  },
  {
    name: 'wait for a first frame as long as it takes',
    file: 'electron/engine/transfer/receive-session.ts',
    find: "else this.#step({ kind: 'closed', code: 'PEER_TIMEOUT' });\n    });\n    this.#perform",
    replace: '});\n    this.#perform',
    tests: ['test/engine/transfer/silent-peers.test.ts', 'test/engine/transfer/patience.test.ts'],
  },
  {
    name: 'as many prompts as a device likes',
    file: 'electron/engine/prompts.ts',
    find: 'this.#ofDevice(asked).length >= MAX_OFFERS_PER_PEER',
    replace: 'this.#ofDevice(asked).length < 0',
    tests: ['test/engine/prompts.test.ts'],
  },
  {
    name: 'strangers take a paired device’s room',
    file: 'electron/engine/prompts.ts',
    find: 'const strangers = [...this.#waiting.values()].filter(({ isPaired }) => !isPaired);',
    replace: 'const strangers = [...this.#waiting.values()];',
    tests: ['test/engine/prompts.test.ts'],
  },
  {
    name: 'a no is soon forgotten',
    file: 'electron/engine/back-offs.ts',
    find: 'MAX_DOUBLINGS);\n    put(',
    replace: '0);\n    put(',
    tests: ['test/engine/prompts.test.ts'],
  },
  {
    name: 'accept by itself on any network',
    file: PERMISSION,
    find: 'rule === null || !isOnTrustedNetwork',
    replace: 'rule === null || isOnTrustedNetwork === null',
    tests: ['test/shared/model/permission.test.ts'],
  },
  {
    name: 'believe that every network is trusted',
    file: EVENTS,
    find: 'const facts = { ...this.#factsOf(event), isOnTrustedNetwork };',
    replace:
      'const facts = { ...this.#factsOf(event), isOnTrustedNetwork: isOnTrustedNetwork || true };',
    tests: ['test/engine/permissions.test.ts'],
  },
  {
    name: 'accept by itself whatever its size',
    file: PERMISSION,
    find: 'rule.maxBytes !== null && bytes > rule.maxBytes',
    replace: 'rule.maxBytes !== null && bytes < 0',
    tests: ['test/shared/model/permission.test.ts'],
  },
  {
    name: 'ask about strangers where only paired ones are heard',
    file: PERMISSION,
    find: "visibility === 'everyone' ? 'ask' : 'decline'",
    replace: "visibility === null ? 'decline' : 'ask'",
    tests: ['test/shared/model/permission.test.ts'],
  },
  {
    name: 'hear the offers of a blocked device',
    file: EVENTS,
    find: "    if (pairings.isBlocked(event.peer.id)) {\n      onDecline(event.transferId, 'DECLINED');\n      return;\n    }\n",
    replace: '    void [pairings, onDecline];\n',
    tests: ['test/engine/permissions.test.ts'],
  },
  {
    name: 'hear the connections of a blocked device',
    file: RECEIVE,
    find: 'if (!this.#blocked.has(connection.peerId)) return false;',
    replace: 'if (this.#blocked !== null) return false;',
    tests: ['test/engine/transfer/turned-away.test.ts'],
  },
  {
    name: 'send on to a device that is blocked',
    file: EVENTS,
    find: 'if (pairings.isBlocked(peer.id)) onBlocked(transferId);\n    else pairings',
    replace: 'void onBlocked;\n    pairings',
    tests: ['test/engine/permissions.test.ts'],
  },
  {
    name: 'compare codes with a blocked device',
    file: 'electron/engine/pairings.ts',
    find: "if (this.isBlocked(peerId)) return 'DECLINED';",
    replace: '',
    tests: ['test/engine/pairings.test.ts'],
  },
  {
    name: 'tell strangers the name behind the veil',
    file: RECEIVE,
    find: 'this.#visibleTo?.has(connection.peerId) ?? true',
    replace: 'this.#visibleTo?.has(connection.peerId) !== null',
    tests: ['test/engine/transfer/turned-away.test.ts'],
  },
  {
    name: 'a lane’s token counts again',
    file: 'electron/engine/transfer/lane-port.ts',
    find: 'this.#tokens.delete(message.token);',
    replace: '',
    tests: ['test/engine/transfer/lane-port.test.ts'],
  },
  {
    name: 'lanes are for anybody who has a key',
    file: 'electron/engine/transfer/lane-port.ts',
    find: 'if (peerId !== session.peerId || this.#isStopped)',
    replace: 'if (this.#isStopped)',
    tests: ['test/engine/transfer/lane-port.test.ts'],
  },
  {
    name: 'a receiver is made to try one port after the other',
    file: 'shared/protocol/receiver.ts',
    find: 'lanes.port === null || lanes.port === port',
    replace: 'port > 0',
    tests: ['test/shared/protocol/lane-order.test.ts'],
  },
];
