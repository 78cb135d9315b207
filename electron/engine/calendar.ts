/** For what is kept for so many days, over restarts. It may be wrong: nothing that is trusted hangs on it. */
export function epochMs(): number {
  return Date.now();
}
