import { connect } from 'node:net';
import { DroplineError } from '../../shared/errors.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { Answer } from '../../shared/model/diagnosis.ts';
import type { Place } from '../../shared/model/peer.ts';
import type { Identity } from './transfer/authentication.ts';
import { Dial } from './transfer/dial.ts';
import { TRANSFER } from './transfer/dialects.ts';
import type { Clock } from './transfer/ports.ts';
import { errnoOf } from './transfer/system-errors.ts';
import type { WayOut } from './transfer/way-out.ts';
import { wayOut } from './transfer/way-out.ts';

/** A computer on the same network that says nothing for so long says nothing at all. */
export const SILENT_AFTER_MS = 4_000;

const BY_ERRNO: Readonly<Record<string, Answer>> = {
  ECONNREFUSED: 'refused',
  // a router or firewall that resets in its place
  ECONNRESET: 'refused',
  ENOTFOUND: 'unknown',
  EAI_AGAIN: 'unknown',
  EAI_NODATA: 'unknown',
  ETIMEDOUT: 'silent',
};

const BY_CODE: Partial<Record<ErrorCode, Answer>> = {
  PEER_IS_SELF: 'self',
  NOT_DROPLINE: 'notDropline',
  VERSION_UNSUPPORTED: 'notDropline',
};

/** Dials once and hangs up: who is there, as far as that tells. Never rejects. */
export async function knock(place: Place, identity: Identity, clock: Clock): Promise<Answer> {
  const first = await touch(place, clock);
  if (first !== 'answers') return first;
  const over = new AbortController();
  const stop = clock.after(SILENT_AFTER_MS, () => over.abort(new DroplineError('NOT_DROPLINE')));
  const { signal } = over;
  const options = { dialect: TRANSFER, identity, clock, places: [place], expectedPeerId: null };
  try {
    const { connection } = await new Dial({ ...options, signal }).answered;
    connection.destroy();
    return 'answers';
  } catch (error) {
    return (error instanceof DroplineError ? BY_CODE[error.code] : null) ?? 'notDropline';
  } finally {
    stop();
  }
}

/** null: there is none from the interface that is chosen. */
function wayTo(host: string): WayOut | null {
  try {
    return wayOut(host);
  } catch {
    return null;
  }
}

/** Whether TCP alone gets there. */
function touch({ address: host, port }: Place, clock: Clock): Promise<Answer> {
  const way = wayTo(host);
  if (way === null) return Promise.resolve('unreachable');
  return new Promise((resolve) => {
    const socket = connect({ ...way, host, port });
    const settle = (answer: Answer): void => {
      stop();
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.destroy();
      resolve(answer);
    };
    const stop = clock.after(SILENT_AFTER_MS, () => settle('silent'));
    socket.once('connect', () => settle('answers'));
    socket.once('error', (error) => settle(BY_ERRNO[errnoOf(error)] ?? 'unreachable'));
  });
}
