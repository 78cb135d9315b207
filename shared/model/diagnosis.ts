import { DEFAULT_PORT } from './settings.ts';
import type { Visibility } from './settings.ts';

/**
 * What is known of how this device and the network get on, and what follows from it. Each finding has its
 * words in shared/text under `doctor`.
 */

export const GOOD_CODES = ['LISTENING', 'DEVICES_FOUND', 'REACHED', 'TARGET_ANSWERS'] as const;

export const TROUBLE_CODES = [
  'NO_NETWORK',
  'INTERFACE_AWAY',
  'ONE_INTERFACE',
  'NOT_LISTENING',
  'HIDDEN',
  'DISCOVERY_OFF',
  'DISCOVERY_FAILED',
  'NOTHING_HEARD',
  'NOBODY_HEARD',
  'OTHERS_HEARD',
  'NOT_REACHED',
  'TUNNEL',
  'FIREWALL',
  'TARGET_REFUSES',
  'TARGET_SILENT',
  'TARGET_UNREACHABLE',
  'TARGET_NOT_DROPLINE',
  'TARGET_IS_SELF',
  'TARGET_UNKNOWN',
  'TARGET_FAR',
] as const;

type GoodCode = (typeof GOOD_CODES)[number];
type TroubleCode = (typeof TROUBLE_CODES)[number];

/** `note`: it may be the reason; `bad`: nothing works before it is mended. */
export type Finding = { readonly details: Readonly<Record<string, string | number>> } & (
  | { readonly level: 'good'; readonly code: GoodCode }
  | { readonly level: 'note' | 'bad'; readonly code: TroubleCode }
);

/** How a device answered that was dialled once. */
export type Answer =
  | 'answers'
  /** Its computer says that nothing listens there. */
  | 'refused'
  /** Not a word within the time: mostly a firewall, or a network that keeps its devices apart. */
  | 'silent'
  /** There is no way to that address. */
  | 'unreachable'
  | 'notDropline'
  | 'self'
  /** Nobody knows that name. */
  | 'unknown';

export interface Evidence {
  readonly addresses: readonly string[];
  /** The one network interface that is used; null: all. */
  readonly interface: string | null;
  /** null: nothing listens; undefined: this face never does. */
  readonly port: number | null | undefined;
  readonly visibility: Visibility;
  readonly discovery: 'on' | 'off' | 'failed';
  /** mDNS packets of this device that came back to it; null: not known. */
  readonly ownHeard: number | null;
  /** Other computers of which any mDNS packet was heard, whatever they run; null: not known. */
  readonly othersHeard: number | null;
  /** Devices with Dropline that were found by themselves. */
  readonly found: number;
  /** Somebody has offered something to this device since it started. */
  readonly isReached: boolean;
  /** Interfaces that lead through a tunnel, by name. */
  readonly tunnels: readonly string[];
  /** A firewall that is known to be on; null: none that can be told. */
  readonly firewall: string | null;
  readonly target: Target | null;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly answer: Answer;
  /** Reached without a router: the same network. */
  readonly isOnLink: boolean;
}

/** The worst first. */
export function diagnose(evidence: Evidence): readonly Finding[] {
  const { addresses, interface: chosen } = evidence;
  if (addresses.length === 0) {
    return [chosen === null ? bad('NO_NETWORK') : bad('INTERFACE_AWAY', { name: chosen })];
  }
  const findings = [
    ...ofTarget(evidence.target),
    ...ofListening(evidence),
    ...ofDiscovery(evidence),
    ...ofWay(evidence),
  ];
  return (['bad', 'note', 'good'] as const).flatMap((level) =>
    findings.filter((one) => one.level === level),
  );
}

const BY_ANSWER: Readonly<Record<Exclude<Answer, 'answers'>, TroubleCode>> = {
  refused: 'TARGET_REFUSES',
  silent: 'TARGET_SILENT',
  unreachable: 'TARGET_UNREACHABLE',
  notDropline: 'TARGET_NOT_DROPLINE',
  self: 'TARGET_IS_SELF',
  unknown: 'TARGET_UNKNOWN',
};

function ofTarget(target: Target | null): Finding[] {
  if (target === null) return [];
  const { host, port, answer, isOnLink } = target;
  if (answer === 'answers') return [good('TARGET_ANSWERS', { host, port })];
  const isFar = !isOnLink && (answer === 'silent' || answer === 'unreachable');
  return [bad(BY_ANSWER[answer], { host, port }), ...(isFar ? [note('TARGET_FAR', { host })] : [])];
}

function ofListening({ port, addresses, visibility, isReached }: Evidence): Finding[] {
  if (port === undefined) return [];
  if (port === null) return [bad('NOT_LISTENING')];
  return [
    good('LISTENING', { address: addresses[0] ?? '', port }),
    ...(visibility === 'everyone' ? [] : [note('HIDDEN')]),
    isReached ? good('REACHED') : note('NOT_REACHED', { port }),
  ];
}

function ofDiscovery({ discovery, ownHeard, othersHeard, found }: Evidence): Finding[] {
  if (discovery === 'off') return [note('DISCOVERY_OFF')];
  if (discovery === 'failed') return [bad('DISCOVERY_FAILED')];
  if (found > 0) return [good('DEVICES_FOUND', { count: found })];
  if (ownHeard === null || othersHeard === null) return [];
  if (othersHeard > 0) return [note('OTHERS_HEARD', { count: othersHeard })];
  return [note(ownHeard > 0 ? 'NOBODY_HEARD' : 'NOTHING_HEARD')];
}

/** What stands between this computer and its network. */
function ofWay({ tunnels, firewall, port, ...evidence }: Evidence): Finding[] {
  const chosen = evidence.interface;
  return [
    ...(chosen === null ? [] : [note('ONE_INTERFACE', { name: chosen })]),
    ...(tunnels.length === 0 ? [] : [note('TUNNEL', { name: tunnels.join(', ') })]),
    ...(firewall === null
      ? []
      : [note('FIREWALL', { name: firewall, port: port ?? DEFAULT_PORT })]),
  ];
}

type Details = Finding['details'];

function good(code: GoodCode, details: Details = {}): Finding {
  return { code, level: 'good', details };
}

function note(code: TroubleCode, details: Details = {}): Finding {
  return { code, level: 'note', details };
}

function bad(code: TroubleCode, details: Details = {}): Finding {
  return { code, level: 'bad', details };
}
