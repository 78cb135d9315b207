import { lookup } from 'node:dns/promises';
import { DroplineError } from '../../shared/errors.ts';
import type { Peer, Target } from '../../shared/model/peer.ts';
import { isPlainlyAddress, parseAddress } from './address.ts';
import type { Store } from './state/store.ts';

/** A name that DNS knows is still first looked for among the devices nearby, this long. */
const DEVICES_FIRST_MS = 3_000;

/** A second device of the same name answers the same question this soon after the first. */
const TWIN_MS = 500;

export interface FindOptions {
  readonly store: Store;
  /** How long a device of this name may take to appear. */
  readonly waitMs: number;
  readonly discovery: boolean;
}

/**
 * What a person means by `--to`: an address first, then a device by its name, then a name that DNS knows.
 * Throws PEER_NOT_FOUND, PEER_AMBIGUOUS (two devices of that name: the ids tell them apart).
 */
export async function findTarget(text: string, options: FindOptions): Promise<Target> {
  const address = parseAddress(text);
  if (address && isPlainlyAddress(address)) return { kind: 'address', ...address, ...ANYBODY };
  const abort = new AbortController();
  const device = waitForDevice(text, options, abort.signal);
  device.catch(() => undefined); // told to whoever still waits for it
  const inDns = address ? resolves(address.host) : Promise.resolve(false);
  try {
    if (!options.discovery) {
      if (address && (await inDns)) return { kind: 'address', ...address, ...ANYBODY };
      throw new DroplineError('PEER_NOT_FOUND', { name: text });
    }
    const devicesFirst = inDns.then((known) => (known ? after(DEVICES_FIRST_MS) : device));
    const found = await Promise.race([device, devicesFirst]);
    if (found) return { kind: 'peer', key: found.key };
    if (address && (await inDns)) return { kind: 'address', ...address, ...ANYBODY };
    throw new DroplineError('PEER_NOT_FOUND', { name: text });
  } finally {
    abort.abort();
  }
}

const ANYBODY = { expectedPeerId: null } as const;

/** null: none appeared in time. */
function waitForDevice(
  name: string,
  { store, waitMs }: FindOptions,
  signal: AbortSignal,
): Promise<Peer | null> {
  return new Promise((resolve, reject) => {
    let settling: NodeJS.Timeout | null = null;
    const settle = (): void => {
      const found = called(store, name);
      if (found.length > 1) {
        const ids = found.map((peer) => peer.id ?? peer.key).join(', ');
        reject(new DroplineError('PEER_AMBIGUOUS', { name, ids }));
      } else resolve(found[0] ?? null);
    };
    const look = (): void => {
      if (called(store, name).length > 0) settling ??= setTimeout(settle, TWIN_MS);
    };
    const unsubscribe = store.subscribe(look);
    const timer = setTimeout(() => {
      if (!settling) resolve(null);
    }, waitMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      if (settling) clearTimeout(settling);
      unsubscribe();
      resolve(null);
    });
    look();
  });
}

/** A name that was paired means the device it was paired with, never another that is called so now. */
function called({ snapshot }: Store, name: string): Peer[] {
  const wanted = name.toLowerCase();
  return snapshot.peers.filter((peer) => {
    if (peer.id === wanted) return true;
    return peer.name.toLowerCase() === wanted && peer.calledLike === null;
  });
}

async function resolves(host: string): Promise<boolean> {
  return lookup(host).then(
    () => true,
    () => false,
  );
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(null);
    }, ms).unref();
  });
}
