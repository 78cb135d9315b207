import { networkInterfaces } from 'node:os';
import type { CommandInput } from '../../shared/contract.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { Evidence, Finding, Target } from '../../shared/model/diagnosis.ts';
import { diagnose } from '../../shared/model/diagnosis.ts';
import { DEFAULT_PORT } from '../../shared/model/settings.ts';
import { parseAddress } from './address.ts';
import { firewallHere } from './firewall.ts';
import { knock } from './knock.ts';
import type { Presence } from './presence.ts';
import type { Store } from './state/store.ts';
import type { Identity } from './transfer/authentication.ts';
import { isOnLink } from './transfer/on-link.ts';
import { realClock } from './transfer/ports.ts';

/** How systems and programs call what leads somewhere else than the network around. */
const TUNNEL = /^(?:tun|tap|utun|wg|ppp|ipsec|tailscale|zt|nordlynx|proton|mullvad)/i;

export interface DoctorOptions {
  readonly store: Store;
  readonly identity: Identity;
  readonly presence: Pick<Presence, 'heard'>;
  /** This engine is there to be called. */
  readonly listens: boolean;
  /** By the calendar: what came in since then shows that this device is reached. */
  readonly startedAtMs: number;
}

/** Looks at how this device and the network get on, and dials one address where one is given. */
export class Doctor {
  readonly #options: DoctorOptions;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: DoctorOptions) {
    this.#options = options;
  }

  /** One after the other: nobody looks around faster by it. Throws NOT_AN_ADDRESS. */
  examine(input: CommandInput<'examine'>): Promise<readonly Finding[]> {
    const found = this.#busy.then(() => this.#examine(input));
    this.#busy = found.catch(() => undefined);
    return found;
  }

  async #examine({ address }: CommandInput<'examine'>): Promise<readonly Finding[]> {
    const { store, presence, listens, startedAtMs } = this.#options;
    const target = address === null ? null : await this.#target(address);
    const heard = await presence.heard();
    const { self, settings, peers, transfers } = store.snapshot;
    const evidence: Evidence = {
      addresses: self.addresses,
      interface: settings.interface,
      port: listens ? self.port : undefined,
      visibility: settings.visibility,
      discovery: self.discovery,
      ownHeard: heard?.own ?? null,
      othersHeard: heard?.others ?? null,
      found: peers.filter(({ foundBy }) => foundBy === 'discovery').length,
      isReached: transfers.some(
        (one) => one.direction === 'receive' && one.startedAtMs >= startedAtMs,
      ),
      tunnels: tunnels(),
      firewall: firewallHere(),
      target,
    };
    return diagnose(evidence);
  }

  async #target(text: string): Promise<Target> {
    const parsed = parseAddress(text);
    if (!parsed) throw new DroplineError('NOT_AN_ADDRESS', { address: text });
    const place = { address: parsed.host, port: parsed.port ?? DEFAULT_PORT };
    const answer = await knock(place, this.#options.identity, realClock);
    const own = Object.values(networkInterfaces()).flatMap((infos) => infos ?? []);
    const isNear = own.some((info) => isOnLink(info, place.address));
    return { host: place.address, port: place.port, answer, isOnLink: isNear };
  }
}

function tunnels(): readonly string[] {
  return Object.entries(networkInterfaces())
    .filter(([name, infos]) => TUNNEL.test(name) && infos?.some(({ internal }) => !internal))
    .map(([name]) => name);
}
