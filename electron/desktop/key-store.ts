import { safeStorage } from 'electron';
import type { KeyStore } from '../engine/engine.ts';

/** What Electron falls back to where a Linux desktop has no keyring: a password that is in its source. */
const NONE: ReadonlySet<string> = new Set(['basic_text', 'unknown']);

/** The system's own: Keychain, DPAPI, Secret Service or KWallet. After `ready` only. */
export function systemKeyStore(): KeyStore {
  return {
    isUsable: process.platform !== 'linux' || !NONE.has(safeStorage.getSelectedStorageBackend()),
    seal: (secret) => safeStorage.encryptStringAsync(secret),
    open: async (sealed) => {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed));
      return { secret: result, isStale: shouldReEncrypt };
    },
  };
}
