import { networkInterfaces } from 'node:os';
import type { ListedInterface } from '../../../shared/model/network-interface.ts';
import type { Store } from '../state/store.ts';
import { interfaceAddress, ownAddresses } from '../this-device.ts';
import type { Clock } from '../transfer/ports.ts';

/** A cable that is put in is seen while a person still looks. */
const LOOK_EVERY_MS = 2_000;

type InterfaceTable = ReturnType<typeof networkInterfaces>;

export interface InterfaceWatchOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Given for this run, by name or address; null: the settings say. */
  readonly fixed: string | null;
  readonly table?: () => InterfaceTable;
  /** Another one is used, or it came, went, or has another address. */
  readonly onChange: () => void;
}

/** Which network interface is used, and how the system has it now. */
export class InterfaceWatch {
  readonly #options: InterfaceWatchOptions;
  readonly #table: () => InterfaceTable;
  #told = '';
  #place: string | null = null;
  #stopTimer: () => void = () => undefined;

  constructor(options: InterfaceWatchOptions) {
    this.#options = options;
    this.#table = options.table ?? networkInterfaces;
  }

  /** null: all. */
  get chosen(): string | null {
    const { fixed, store } = this.#options;
    return fixed ?? store.state.settings.interface;
  }

  /** What a port is bound to; null: all; undefined: the interface is away. */
  get host(): string | null | undefined {
    const { chosen } = this;
    if (chosen === null) return null;
    try {
      return interfaceAddress(chosen, this.#table());
    } catch {
      return undefined;
    }
  }

  start(): void {
    this.look();
    this.#stopTimer = this.#options.clock.every(LOOK_EVERY_MS, () => this.look());
  }

  stop(): void {
    this.#stopTimer();
  }

  /** Tells what is new. */
  look(): void {
    const { store, fixed, onChange } = this.#options;
    const table = this.#table();
    const interfaces = listed(table, this.chosen);
    const text = JSON.stringify([interfaces, this.chosen]);
    if (text !== this.#told) {
      this.#told = text;
      store.apply({ kind: 'interfaces', interfaces });
      const self = { addresses: addressesOf(table, this.chosen) };
      if (fixed === null) store.apply({ kind: 'self', self });
    }
    const place = JSON.stringify([this.chosen, this.host ?? '']);
    const isNew = this.#place !== null && place !== this.#place;
    this.#place = place;
    if (isNew) onChange();
  }
}

/** By name; loopback leads nowhere. */
function listed(table: InterfaceTable, chosen: string | null): readonly ListedInterface[] {
  const outward = Object.entries(table).filter(([, infos]) => infos?.some((one) => !one.internal));
  const names = new Set(outward.map(([name]) => name));
  if (chosen !== null) names.add(chosen);
  return [...names].sort().map((name) => ({ name, addresses: addressesOf(table, name) }));
}

function addressesOf(table: InterfaceTable, chosen: string | null): readonly string[] {
  return ownAddresses(chosen === null ? table : { [chosen]: table[chosen] ?? [] });
}
