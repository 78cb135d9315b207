import type { NamePlatform } from '../../../shared/protocol/wire-path.ts';

/** Whose rules for names hold on this computer. */
export const namePlatform: NamePlatform =
  process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'mac' : 'linux';
