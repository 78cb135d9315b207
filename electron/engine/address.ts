import { isIP } from 'node:net';

export interface HostPort {
  readonly host: string;
  readonly port: number | null;
}

/**
 * Reads `host`, `host:port`, `1.2.3.4:port`, `[ipv6]:port`, `[ipv6]` or a bare IPv6 address, with a zone
 * or without. null: none of these.
 */
export function parseAddress(text: string): HostPort | null {
  const trimmed = text.trim();
  if (isIP(trimmed) !== 0) return { host: trimmed, port: null };
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(trimmed);
  if (bracketed) {
    const [, host = '', port] = bracketed;
    return isIP(host) === 6 ? withPort(host, port) : null;
  }
  const named = /^([^\s:/[\]]{1,253})(?::(\d{1,5}))?$/.exec(trimmed);
  if (!named) return null;
  const [, host = '', port] = named;
  return withPort(host, port);
}

/** Whether it can only be an address and not a device's name. */
export function isPlainlyAddress(address: HostPort): boolean {
  return isIP(address.host) !== 0 || address.port !== null || address.host === 'localhost';
}

function withPort(host: string, port: string | undefined): HostPort | null {
  if (port === undefined) return { host, port: null };
  const number = Number(port);
  return number >= 1 && number <= 65535 ? { host, port: number } : null;
}
