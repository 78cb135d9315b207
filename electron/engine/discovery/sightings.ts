import { isIPv4, isIPv6 } from 'node:net';
import type { Hint, VeiledHint } from '../../../shared/protocol/announcement.ts';
import { decodeAnnouncement, SERVICE_DOMAIN } from '../../../shared/protocol/announcement.ts';

/** One device that one packet spoke of. */
export interface Sighting {
  readonly hint: Hint;
  /** Where the packet came from: the one address that is more than talk. */
  readonly source: string;
  readonly port: number;
  /** Further addresses the device gives itself. */
  readonly addresses: readonly string[];
  /** 0: it says goodbye. */
  readonly ttlSeconds: number;
}

interface Service {
  ttlSeconds: number;
  port: number | null;
  host: string | null;
  said: Hint | VeiledHint | null;
}

interface DnsRecord {
  readonly type: string;
  readonly name: string;
  readonly ttl: number;
  readonly data: unknown;
}

const SUFFIX = `.${SERVICE_DOMAIN}`;

/** Whose announcement it is, where a paired device made it. */
export type Recognise = (veiled: VeiledHint) => Hint | null;

/**
 * Reads a decoded response in one pass over its records. What is malformed, and what shows itself to
 * others only, is passed over.
 */
export function readSightings(
  packet: unknown,
  source: string,
  recognise: Recognise,
): readonly Sighting[] {
  const services = new Map<string, Service>();
  const hosts = new Map<string, string[]>();
  for (const record of recordsOf(packet)) collect(record, services, hosts);
  const sightings: Sighting[] = [];
  for (const { said, port, host, ttlSeconds } of services.values()) {
    if (said === null || port === null) continue;
    const hint = 'nonce' in said ? recognise(said) : said;
    if (hint === null) continue;
    const addresses = host === null ? [] : (hosts.get(host) ?? []);
    sightings.push({ hint, source, port, addresses, ttlSeconds });
  }
  return sightings;
}

function collect(
  record: DnsRecord,
  services: Map<string, Service>,
  hosts: Map<string, string[]>,
): void {
  const { type, data } = record;
  const name = record.name.toLowerCase();
  if (type === 'A' || type === 'AAAA') {
    if (typeof data !== 'string' || !(isIPv4(data) || isIPv6(data))) return;
    const addresses = hosts.get(name) ?? [];
    addresses.push(data);
    hosts.set(name, addresses);
    return;
  }
  if ((type !== 'SRV' && type !== 'TXT') || !name.endsWith(SUFFIX)) return;
  const service = services.get(name) ?? {
    ttlSeconds: record.ttl,
    port: null,
    host: null,
    said: null,
  };
  services.set(name, service);
  service.ttlSeconds = Math.min(service.ttlSeconds, record.ttl);
  if (type === 'TXT') service.said = decodeAnnouncement(stringsOf(data));
  else Object.assign(service, addressOf(data));
}

function addressOf(data: unknown): Pick<Service, 'port' | 'host'> {
  if (!isObject(data)) return { port: null, host: null };
  const { port, target } = data;
  const isPort = typeof port === 'number' && Number.isInteger(port) && port > 0 && port <= 65535;
  return {
    port: isPort ? port : null,
    host: typeof target === 'string' ? target.toLowerCase() : null,
  };
}

function stringsOf(data: unknown): readonly Uint8Array[] {
  const strings: readonly unknown[] = Array.isArray(data) ? data : [data];
  return strings.filter((string) => string instanceof Uint8Array);
}

function recordsOf(packet: unknown): readonly DnsRecord[] {
  if (!isObject(packet)) return [];
  return [packet['answers'], packet['additionals']]
    .flatMap((section): readonly unknown[] => (Array.isArray(section) ? section : []))
    .filter(isRecord);
}

function isRecord(value: unknown): value is DnsRecord {
  return (
    isObject(value) &&
    typeof value['type'] === 'string' &&
    typeof value['name'] === 'string' &&
    typeof value['ttl'] === 'number'
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
