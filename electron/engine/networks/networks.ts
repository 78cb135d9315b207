import { createHash } from 'node:crypto';
import type { NetworkInterfaceInfo } from 'node:os';
import type { Network, NetworkId } from '../../../shared/model/network.ts';
import { isOnLink } from '../transfer/on-link.ts';
import type { Gateway } from './gateways.ts';
import { hardwareAddressIn } from './gateways.ts';
import type { SystemTables } from './system-tables.ts';

export type InterfaceTable = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

export interface NetworksPorts {
  readonly tables: SystemTables;
  readonly interfaces: () => InterfaceTable;
}

interface Attached extends Network {
  readonly interface: string;
}

/**
 * Which networks this computer is on. A network is known by the hardware address of its router: that
 * stays when addresses change, and another network that uses the same addresses has another one. It can
 * be imitated by who knows it, so nothing hangs on it alone: what is accepted because of it is a paired
 * device's in the first place.
 */
export class Networks {
  readonly #ports: NetworksPorts;
  #attached: readonly Attached[] = [];
  #table: InterfaceTable = {};

  constructor(ports: NetworksPorts) {
    this.#ports = ports;
  }

  get current(): readonly Network[] {
    return this.#attached.map(({ id, label }) => ({ id, label }));
  }

  /** Looks again. A system that does not tell leaves no network to trust. */
  async refresh(): Promise<void> {
    const { tables, interfaces } = this.#ports;
    try {
      const [gateways, hardware] = await Promise.all([
        tables.gateways(),
        tables.hardwareAddresses(),
      ]);
      const table = interfaces();
      this.#table = table;
      this.#attached = gateways.flatMap((gateway) => attachedBy(gateway, hardware, table));
    } catch {
      this.#attached = [];
    }
  }

  /**
   * The network over which that address is reached without a router; null: none, or not known. Where it
   * may be reached over two networks that use the same addresses, it is not known over which.
   */
  of(address: string): NetworkId | null {
    const [bare = '', zone] = address.replace(/^::ffff:/i, '').split('%');
    const names = Object.entries(this.#table)
      .filter(([, infos]) => infos?.some((info) => isOnLink(info, bare)))
      .map(([name]) => name);
    const ids = (zone === undefined ? names : [zone]).flatMap((name) => this.#idsOf(name));
    const [id = null] = ids;
    return ids.every((other) => other === id) ? id : null;
  }

  #idsOf(name: string): readonly (NetworkId | null)[] {
    const ids = this.#attached.filter((one) => one.interface === name).map(({ id }) => id);
    return ids.length === 0 ? [null] : ids;
  }
}

function attachedBy(gateway: Gateway, hardware: string, table: InterfaceTable): Attached[] {
  const mac = hardwareAddressIn(hardware, gateway);
  const found = Object.entries(table).find(
    ([name, infos]) =>
      name === gateway.interface || infos?.some(({ address }) => address === gateway.interface),
  );
  if (mac === null || found === undefined) return [];
  const [name] = found;
  const id = createHash('sha256').update(`network ${mac}`).digest('hex').slice(0, 32) as NetworkId;
  return [{ id, label: gateway.address, interface: name }];
}
