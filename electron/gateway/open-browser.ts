import { spawn } from 'node:child_process';
import { join } from 'node:path';

interface LaunchOptions {
  /** On Windows: the arguments are quoted already, in the program's own way. */
  readonly isQuoted?: boolean;
}

/** What the outcome depends on, as values that a test can replace. */
export interface BrowserHost {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Whether the program started and did not end with an error soon after. Uses no shell. */
  launch(command: string, args: readonly string[], options?: LaunchOptions): Promise<boolean>;
}

/** Some openers stay until the browser is closed: one that lives this long has found it. */
const OPENER_PATIENCE_MS = 3_000;

const thisHost: BrowserHost = {
  platform: process.platform,
  env: process.env,
  launch: launchDetached,
};

/**
 * Opens an address of the web in the person's browser. False where there is no screen or nothing that
 * could open it: then the person must be shown the address.
 */
export async function openBrowser(url: string, host: BrowserHost = thisHost): Promise<boolean> {
  const { platform, env } = host;
  if (!/^https?:$/.test(new URL(url).protocol)) return false;
  if (platform === 'win32') {
    // By its full path: the current directory comes before PATH there.
    const system = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'rundll32.exe');
    return host.launch(system, ['url.dll,FileProtocolHandler', url]);
  }
  if (platform === 'darwin') return host.launch('/usr/bin/open', [url]);
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return false;
  return host.launch('xdg-open', [url]);
}

export function launchDetached(
  command: string,
  args: readonly string[],
  { isQuoted = false }: LaunchOptions = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const opener = spawn(command, args, {
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
      windowsVerbatimArguments: isQuoted,
    });
    const patience = setTimeout(() => resolve(true), OPENER_PATIENCE_MS);
    const settle = (isOpen: boolean): void => {
      clearTimeout(patience);
      resolve(isOpen);
    };
    opener.on('error', () => settle(false));
    opener.on('exit', (code) => settle(code === 0));
    opener.unref();
  });
}
