/** Every limit of the protocol, with the reason for it. PROTOCOL.md §9 lists the same numbers. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Newest first; hello and ALPN offer all of them. */
export const PROTOCOL_VERSIONS = [1] as const;
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];
export const ALPN_PROTOCOLS: readonly string[] = PROTOCOL_VERSIONS.map((v) => `dropline/${v}`);
/** Pairing (§13) has connections of its own to the same port. */
export const PAIRING_ALPN_PROTOCOLS: readonly string[] = ['dropline-pair/1'];
/** Lanes (§14) carry the content of large files beside a session, from a port of the sender's. */
export const LANE_ALPN_PROTOCOLS: readonly string[] = ['dropline-lane/1'];

/** Type byte and payload together: what a peer can make us buffer with one header. */
export const MAX_FRAME_BYTES = MIB;
/** A block is the unit of hashing, of proof and of re-sending. */
export const BLOCK_BYTES = MIB;
/** Payload in one data frame as we send it; a receiver takes up to MAX_FRAME_BYTES. */
export const DATA_FRAME_BYTES = 256 * KIB;

/** An offer beyond these is refused; directories that only lie on a path count like those listed. */
export const MAX_ENTRIES = 100_000;
export const MAX_MANIFEST_BYTES = 32 * MIB;
/** What the list of one offer may cost a receiver's memory, and all together that are not whole and planned yet. */
export const MAX_LIST_MEMORY_BYTES = 96 * MIB;
export const MAX_LISTS_MEMORY_BYTES = 256 * MIB;
/** Our own pages stay well below MAX_FRAME_BYTES, and small enough that what is read of one is gone with it. */
export const MANIFEST_PAGE_BYTES = 64 * KIB;
/** Entries in one page: more of them than a frame of honest ones holds is not read at all. */
export const MAX_PAGE_ENTRIES = 20_000;
export const MAX_JSON_DEPTH = 16;

export const MAX_PATH_DEPTH = 64;
export const MAX_COMPONENT_BYTES = 1024;
export const MAX_PATH_BYTES = 4096;

export const MAX_FILE_BYTES = Number.MAX_SAFE_INTEGER;
/** What is kept of a device's name, in UTF-16 units, before it is cleaned for showing. */
export const MAX_NAME_UNITS = 4096;
/** Names listed in the offer itself, for the prompt. */
export const MAX_OFFER_ITEMS = 20;
/** A file that is offered as a text or a link: it is read whole, in a window or on a terminal. */
export const MAX_TEXT_BYTES = 64 * KIB;
/** Files that may be named in one `done`. */
export const MAX_DONE_PROBLEMS = 1000;

/** Payload that may be on its way without the receiver having acknowledged it. */
export const SEND_WINDOW_BYTES = 8 * MIB;
/** The receiver acknowledges at least this often, and at every tick in which something came. */
export const ACK_EVERY_BYTES = MIB;
export const ACK_EVERY_MS = 100;

export const HANDSHAKE_TIMEOUT_MS = 5_000;
/** From the handshake to the peer's first whole frame. */
export const FIRST_FRAME_TIMEOUT_MS = 5_000;
/** From the offer to the last of its entries: a list that never ends may not hold memory for ever. */
export const LIST_TIMEOUT_MS = 60_000;
export const HEARTBEAT_MS = 5_000;
export const DEAD_AFTER_MS = 15_000;
/** How long an offer waits for a person. */
export const ANSWER_TIMEOUT_MS = 10 * 60_000;

/** Connections that have not shown who they are; at the limit the oldest of the busiest address goes. */
export const MAX_UNAUTHENTICATED = 64;
export const MAX_UNAUTHENTICATED_PER_ADDRESS = 8;
/**
 * Offers waiting for a person: from one device, and of devices that are not paired from one address and
 * in all. What is paired always has room; of the others the oldest of the busiest address gives way.
 */
export const MAX_OFFERS_PER_PEER = 3;
export const MAX_OFFERS_PER_ADDRESS = 3;
export const MAX_OFFERS = 10;
/** Whole offers that a port holds until it is said which of them wait: it does not know who is paired. */
export const MAX_OFFERS_HELD = 32;
/** After a no: how long the device, and strangers at its address, are declined without a prompt. */
export const DECLINE_BACK_OFF_MS = 30_000;

/** The bare exchange (§10): its name has no end mark, so a quiet spell ends it. */
export const PLAIN_NAME_BYTES = 4096;
export const PLAIN_NAME_QUIET_MS = 300;
export const PLAIN_IDLE_MS = 60_000;
/** How long the sender waits for the receiver to close too, before it takes the content for taken. */
export const PLAIN_CLOSE_WAIT_MS = 15_000;

/** Discovery (§11). */
export const MAX_PEERS = 256;
export const MAX_MDNS_PACKETS_PER_SECOND = 200;
export const MAX_TXT_BYTES = 1300;
export const MAX_TTL_SECONDS = 120;

/** Pairing (§13). */
export const NONCE_BYTES = 32;
export const EXPORTED_BYTES = 32;
export const CODE_DIGITS = 6;
/** Connections that want to pair and have not been let in yet. */
export const MAX_PAIRINGS_WAITING = 8;
/** Codes of one address, and of all, that came to nothing: each was a guess of somebody in between. */
export const MAX_LOST_CODES_PER_ADDRESS = 3;
export const MAX_LOST_CODES = 12;
export const LOST_CODES_WINDOW_MS = 10 * 60_000;
/** How long an address with too many of them is refused. */
export const PAIRING_REFUSED_MS = 10 * 60_000;

/** Lanes (§14): of one session at a time, and from how large a file on its blocks go by them. */
export const MAX_LANES = 8;
export const SPREAD_FILE_BYTES = 16 * MIB;
export const LANE_TOKEN_BYTES = 16;
/** How long a lane that was offered may take to show its token. */
export const LANE_TOKEN_MS = 10_000;
/** Lanes that may be offered in one session: each costs the receiver a dial. */
export const MAX_LANE_OFFERS = 64;
/** Connections to the port of lanes that have not shown a token; the oldest of them goes. */
export const MAX_LANES_WAITING = 8;
/** Nobody is asked to dial a port below it. */
export const MIN_LANE_PORT = 1024;

/** Thumbnails (§5.15): of one offer, what one of them and all of them may take, and the longer side of each. */
export const MAX_THUMBNAILS = 48;
export const MAX_THUMBNAIL_BYTES = 16 * KIB;
export const MAX_THUMBNAILS_BYTES = 512 * KIB;
export const MAX_THUMBNAIL_PIXELS = 128;
/** Offers whose thumbnails a receiver asks for: they are all in memory. */
export const MAX_THUMBNAIL_OFFERS = 16;
