import type { ErrorCode } from '../../../shared/errors.ts';
import { DroplineError } from '../../../shared/errors.ts';

/** The one place where the system's errors become ours: files here, the wire in wireError. */

const FILE_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
  EFBIG: 'FILE_TOO_BIG',
  EACCES: 'NO_PERMISSION',
  EPERM: 'NO_PERMISSION',
  EROFS: 'NO_PERMISSION',
  EBUSY: 'FILE_IN_USE',
};

const WIRE_CODES: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: 'PEER_UNREACHABLE',
  EHOSTUNREACH: 'PEER_UNREACHABLE',
  EHOSTDOWN: 'PEER_UNREACHABLE',
  ENETUNREACH: 'PEER_UNREACHABLE',
  ENETDOWN: 'PEER_UNREACHABLE',
  EADDRNOTAVAIL: 'PEER_UNREACHABLE',
  EINVAL: 'PEER_UNREACHABLE',
  ETIMEDOUT: 'PEER_UNREACHABLE',
  ENOTFOUND: 'PEER_NOT_FOUND',
  EAI_AGAIN: 'PEER_NOT_FOUND',
  EAI_NODATA: 'PEER_NOT_FOUND',
  EPROTO: 'NOT_DROPLINE',
  ECONNRESET: 'PEER_GONE',
  EPIPE: 'PEER_GONE',
};

const LISTEN_CODES: Readonly<Record<string, ErrorCode>> = {
  EADDRINUSE: 'PORT_IN_USE',
  EACCES: 'NO_PERMISSION',
  EADDRNOTAVAIL: 'ADDRESS_UNAVAILABLE',
};

export function errnoOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : '';
}

/** The same of what became ours. */
export function reasonOf(error: unknown): string {
  return error instanceof DroplineError ? String(error.details['reason'] ?? '') : errnoOf(error);
}

/** For what may fail without harm. */
export function attempt(run: () => void): void {
  try {
    run();
  } catch {
    return;
  }
}

/** An error of the receiving disk. */
export function diskError(error: unknown, path: string): DroplineError {
  if (error instanceof DroplineError) return error;
  const errno = errnoOf(error);
  return new DroplineError(
    FILE_CODES[errno] ?? 'DISK_ERROR',
    { path, reason: errno },
    { cause: error },
  );
}

/** An error of the sender's own file. */
export function sourceError(error: unknown, path: string): DroplineError {
  if (error instanceof DroplineError) return error;
  const errno = errnoOf(error);
  const code = errno === 'ENOENT' || errno === 'ENOTDIR' ? 'SOURCE_CHANGED' : 'SOURCE_UNREADABLE';
  return new DroplineError(code, { path, reason: errno }, { cause: error });
}

/** An error of a path that the person gave. */
export function pathError(error: unknown, path: string): DroplineError {
  const errno = errnoOf(error);
  const code =
    errno === 'ENOENT' || errno === 'ENOTDIR'
      ? 'PATH_NOT_FOUND'
      : (FILE_CODES[errno] ?? 'DISK_ERROR');
  return new DroplineError(code, { path, reason: errno }, { cause: error });
}

/** An error of a socket. OpenSSL and BoringSSL name theirs differently; the alert's name is in both. */
export function wireError(error: unknown): DroplineError {
  if (error instanceof DroplineError) return error;
  const errno = errnoOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (/no.application.protocol/i.test(`${errno} ${reason}`)) {
    return new DroplineError('VERSION_UNSUPPORTED', { reason: errno }, { cause: error });
  }
  const code = WIRE_CODES[errno] ?? (/ssl|tls/i.test(errno) ? 'NOT_DROPLINE' : 'PEER_GONE');
  return new DroplineError(code, { reason: errno }, { cause: error });
}

export function listenError(error: unknown, host: string, port: number): DroplineError {
  const errno = errnoOf(error);
  const code = LISTEN_CODES[errno] ?? 'ADDRESS_UNAVAILABLE';
  return new DroplineError(code, { address: host, port, reason: errno }, { cause: error });
}
