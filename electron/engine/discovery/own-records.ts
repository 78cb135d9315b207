import type { Bonjour } from 'bonjour-service';

interface DnsRecord {
  readonly type: string;
  readonly data?: unknown;
}

/** What is used of the part of bonjour-service that answers. */
interface Server {
  register: (records: DnsRecord[]) => void;
}

/**
 * The library names every address of this computer, and has no other way to be told which are meant: it says
 * the very list that it registers.
 */
export function tellOnly(bonjour: Bonjour, isUsed: (address: string) => boolean): void {
  const server = bonjour['server'] as unknown as Server;
  const register = server.register.bind(server);
  server.register = (records) => {
    const used = records.filter(({ type, data }) => {
      return (type !== 'A' && type !== 'AAAA') || (typeof data === 'string' && isUsed(data));
    });
    records.splice(0, records.length, ...used);
    register(records);
  };
}
