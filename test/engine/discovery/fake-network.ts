import type { RemoteInfo } from 'node:dgram';
import { EventEmitter } from 'node:events';
import type { NetworkInterfaceInfo } from 'node:os';
import type { PeerId } from '../../../shared/model/peer.ts';
import { instanceName } from '../../../shared/protocol/announcement.ts';
import type { Announcement } from '../../../electron/engine/discovery/discovery-messages.ts';
import type { InterfaceTable } from '../../../electron/engine/discovery/interfaces.ts';
import type { UdpSocket } from '../../../electron/engine/discovery/multicast-socket.ts';

export const ID = 'ab'.repeat(32) as PeerId;
export const ANNOUNCEMENT: Announcement = {
  id: ID,
  name: 'desk',
  platform: 'linux',
  port: 4000,
  isVeiled: false,
};

export function ipv4(address: string, prefix = 24, internal = false): NetworkInterfaceInfo {
  const mac = internal ? '00:00:00:00:00:00' : '02:00:00:00:00:01';
  return { address, netmask: '', mac, internal, family: 'IPv4', cidr: `${address}/${prefix}` };
}

export function ipv6(address: string, prefix = 64, internal = false): NetworkInterfaceInfo {
  const mac = internal ? '00:00:00:00:00:00' : '02:00:00:00:00:01';
  const cidr = `${address}/${prefix}`;
  return { address, netmask: '', mac, internal, family: 'IPv6', cidr, scopeid: 7 };
}

export const LOOPBACK = { lo: [ipv4('127.0.0.1', 8, true), ipv6('::1', 128, true)] };
export const ONE_CARD: InterfaceTable = { ...LOOPBACK, eth0: [ipv4('192.168.1.5')] };

/** A socket that no wire hangs on. What is sent is kept; what comes in is said by the test. */
export class FakeUdp extends EventEmitter {
  readonly sent: { readonly message: Buffer; readonly via: string; readonly to: string }[] = [];
  readonly joined = new Set<string>();
  /** What every send, or every bind, fails with. */
  sendError: Error | null = null;
  bindError: Error | null = null;
  isOpen = false;
  #via = '';

  constructor() {
    super();
    // One of these stands for every socket that is opened after the last one failed.
    this.setMaxListeners(0);
  }

  bind(_port: number, done: () => void): void {
    queueMicrotask(() => {
      if (this.bindError !== null) {
        this.emit('error', this.bindError);
        return;
      }
      this.isOpen = true;
      done();
    });
  }

  send(message: Buffer, _port: number, to: string, sent: (error: Error | null) => void): void {
    this.sent.push({ message, via: this.#via, to });
    this.emit('sent', message);
    queueMicrotask(() => sent(this.sendError));
  }

  addMembership(_group: string, address: string): void {
    this.joined.add(address);
  }

  dropMembership(_group: string, address: string): void {
    this.joined.delete(address);
  }

  setMulticastInterface(address: string): void {
    this.#via = address;
  }

  setMulticastLoopback(): void {
    this.emit('option');
  }

  setMulticastTTL(): void {
    this.emit('option');
  }

  close(): void {
    this.isOpen = false;
  }

  hear(message: Buffer, address: string): void {
    const rinfo: RemoteInfo = { address, family: 'IPv4', port: 5353, size: message.length };
    this.emit('message', message, rinfo);
  }

  asSocket(): UdpSocket {
    return this as unknown as UdpSocket;
  }
}

/** The same packet from another device: its id and its instance name are of one length for all. */
export function forged(template: Buffer, id: string): Buffer {
  const packet = Buffer.from(template);
  replaceAll(packet, ID, id);
  replaceAll(packet, ID.slice(0, 12), id.slice(0, 12));
  return packet;
}

/** The same packet with one more address for its device, in an A record at its end. */
export function withAddress(template: Buffer, address: string): Buffer {
  const host = [instanceName(ID), 'local'].map((label) => Buffer.from(`\0${label}`, 'latin1'));
  for (const label of host) label[0] = label.length - 1;
  const typeClassTtlLength = Buffer.from('00010001000000780004', 'hex');
  const data = Buffer.from(address.split('.').map(Number));
  const packet = Buffer.concat([template, ...host, Buffer.of(0), typeClassTtlLength, data]);
  packet.writeUInt16BE(packet.readUInt16BE(10) + 1, 10);
  return packet;
}

function replaceAll(packet: Buffer, old: string, now: string): void {
  for (let at = packet.indexOf(old); at >= 0; at = packet.indexOf(old, at + 1)) {
    packet.write(now, at, 'latin1');
  }
}

export function idOf(index: number): PeerId {
  return index.toString(16).padStart(12, '0').padEnd(64, 'f') as PeerId;
}
