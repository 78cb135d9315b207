import { test } from 'vitest';

/**
 * On a simulated disk, which is one of POSIX: by its paths, and by names that last when their folder was
 * synced, which Windows does not do.
 */
export const posixTest: ReturnType<typeof test.skipIf> = test.skipIf(process.platform === 'win32');
