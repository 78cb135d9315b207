import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ReachableFrom } from '../../../shared/model/settings.ts';
import type { InterfaceAddresses } from '../../../shared/protocol/origin.ts';
import { originOf } from '../../../shared/protocol/origin.ts';
import { remoteAddress } from './remote-address.ts';

/** Who may come in by a port, judged by where they call from before a byte of theirs is read. */
export class Door {
  readonly #interfaces: () => InterfaceAddresses;
  #from: ReachableFrom = 'local';

  constructor(interfaces: () => InterfaceAddresses = networkInterfaces) {
    this.#interfaces = interfaces;
  }

  /** Of whoever calls from now on. */
  set(from: ReachableFrom): void {
    this.#from = from;
  }

  admits(socket: Pick<Socket, 'remoteAddress'>): boolean {
    if (this.#from === 'anywhere') return true;
    return originOf(remoteAddress(socket), this.#interfaces) !== 'elsewhere';
  }
}
