import { BlockList, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

/** Whether that address is reached from this one without a router. */
export function isOnLink({ cidr, family }: NetworkInterfaceInfo, address: string): boolean {
  const [base, bits] = cidr?.split('/') ?? [];
  const type = isIPv6(address) ? 'IPv6' : 'IPv4';
  if (base === undefined || bits === undefined || family !== type) return false;
  const subnet = new BlockList();
  subnet.addSubnet(base, Number(bits), type === 'IPv6' ? 'ipv6' : 'ipv4');
  return subnet.check(address, type === 'IPv6' ? 'ipv6' : 'ipv4');
}
