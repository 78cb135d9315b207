import { createHash } from 'node:crypto';
import type { NetworkInterfaceInfo } from 'node:os';
import { BlockList, isIPv6 } from 'node:net';
import type { Network, NetworkId } from '../../../shared/model/network.ts';
import type { Gateway } from './gateways.ts';
import { hardwareAddressIn } from './gateways.ts';
import type { SystemTables } from './system-tables.ts';

export type InterfaceTable = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

export interface NetworksPorts {
  readonly tables: SystemTables;
  readonly interfaces: () => InterfaceTable;
}

interface Attached extends Network {
  readonly infos: readonly NetworkInterfaceInfo[];
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
      this.#attached = gateways.flatMap((gateway) => attachedBy(gateway, hardware, table));
    } catch {
      this.#attached = [];
    }
  }

  /** The network over which that address is reached without a router; null: none, or not known. */
  of(address: string): NetworkId | null {
    const [bare = '', zone] = address.replace(/^::ffff:/i, '').split('%');
    if (zone !== undefined) {
      return this.#attached.find((network) => network.interface === zone)?.id ?? null;
    }
    return (
      this.#attached.find(({ infos }) => infos.some((info) => isOnLink(info, bare)))?.id ?? null
    );
  }
}

function attachedBy(gateway: Gateway, hardware: string, table: InterfaceTable): Attached[] {
  const mac = hardwareAddressIn(hardware, gateway.address);
  const found = Object.entries(table).find(
    ([name, infos]) =>
      name === gateway.interface || infos?.some(({ address }) => address === gateway.interface),
  );
  if (mac === null || found === undefined) return [];
  const [name, infos = []] = found;
  const id = createHash('sha256').update(`network ${mac}`).digest('hex').slice(0, 32) as NetworkId;
  return [{ id, label: gateway.address, interface: name, infos }];
}

function isOnLink({ cidr, family }: NetworkInterfaceInfo, address: string): boolean {
  const [base, bits] = cidr?.split('/') ?? [];
  const type = isIPv6(address) ? 'IPv6' : 'IPv4';
  if (base === undefined || bits === undefined || family !== type) return false;
  const subnet = new BlockList();
  subnet.addSubnet(base, Number(bits), type === 'IPv6' ? 'ipv6' : 'ipv4');
  return subnet.check(address, type === 'IPv6' ? 'ipv6' : 'ipv4');
}
