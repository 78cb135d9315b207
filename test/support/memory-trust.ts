import type { Trust } from '../../electron/engine/trust.ts';
import { DroplineError } from '../../shared/errors.ts';
import type { PairedDevice } from '../../shared/model/pairing.ts';
import type { PeerId } from '../../shared/model/peer.ts';

/** Who is paired, without a disk: it refuses when a test says so. */
export class MemoryTrust implements Trust {
  devices: readonly PairedDevice[] = [];
  readonly acquaintances = [];
  fails = false;
  onChange = (): void => undefined;
  follow = (): (() => void) => () => undefined;
  setRule = async (): Promise<void> => undefined;
  isPaired(peerId: PeerId | null): boolean {
    return this.devices.some(({ id }) => id === peerId);
  }
  async add(device: PairedDevice): Promise<void> {
    if (this.fails) throw new DroplineError('HOME_UNUSABLE');
    this.devices = [...this.devices, device];
    this.onChange();
  }
  async forget(peerId: PeerId): Promise<void> {
    this.devices = this.devices.filter(({ id }) => id !== peerId);
  }
}
