/** A way into a network, as the system calls it: that name stays the same when its addresses change. */
export interface ListedInterface {
  readonly name: string;
  /** None: it is away, and listed because it was chosen. */
  readonly addresses: readonly string[];
}

export const MAX_INTERFACE_NAME_UNITS = 256;
