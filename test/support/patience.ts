/** How long a page is waited for: a bound on a hang, on a machine that others use too. */
export const PATIENCE_MS = 60_000;
