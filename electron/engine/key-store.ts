/**
 * Where the system keeps secrets for the person who is signed in. Only a face that runs in Electron reaches
 * one. What both throw means: it is locked, or another one than that which sealed.
 */
export interface KeyStore {
  /** false: this system has none that keeps anything from anybody. */
  readonly isUsable: boolean;
  seal(secret: string): Promise<Uint8Array>;
  open(sealed: Uint8Array): Promise<Opened>;
}

export interface Opened {
  readonly secret: string;
  /** The store has another key by now: what was sealed should be sealed again. */
  readonly isStale: boolean;
}
