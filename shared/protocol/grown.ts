type TypedArray = Uint8Array | Uint32Array | Float64Array | BigInt64Array;

/**
 * The same with room for so many items; twice as long as it was at least, so that item by item costs no more
 * than all at once.
 */
export function grown<T extends TypedArray>(items: T, wanted: number): T {
  const Items = items.constructor as new (length: number) => T;
  const longer = new Items(Math.max(wanted, items.length * 2));
  longer.set(items as never);
  return longer;
}
