import { dirname, join } from 'node:path';
import { DroplineError } from '../../shared/errors.ts';
import type { BrowserHost } from './open-browser.ts';
import { launchDetached } from './open-browser.ts';

const thisHost: BrowserHost = {
  platform: process.platform,
  env: process.env,
  launch: launchDetached,
};

/**
 * Shows a file or folder of this computer in its file manager, selected where that is possible. No shell:
 * a path is never read as words. Throws NO_FILE_MANAGER.
 */
export async function revealInFileManager(path: string, host = thisHost): Promise<void> {
  const isShown = await revealOn(host, path);
  if (!isShown) throw new DroplineError('NO_FILE_MANAGER', { path });
}

async function revealOn(host: BrowserHost, path: string): Promise<boolean> {
  const { platform, env } = host;
  if (platform === 'win32') {
    const explorer = join(env['SystemRoot'] ?? 'C:\\Windows', 'explorer.exe');
    // It ends at commas that are not quoted, and with code 1 whatever comes of it. No name holds a quote.
    await host.launch(explorer, [`/select,"${path}"`], { isQuoted: true });
    return true;
  }
  if (platform === 'darwin') return host.launch('/usr/bin/open', ['-R', path]);
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return false;
  return (
    (await host.launch('gdbus', gdbusArguments(fileUri(path)))) ||
    (await host.launch('dbus-send', dbusSendArguments(fileUri(path)))) ||
    host.launch('xdg-open', [dirname(path)])
  );
}

/** The desktops' common way to ask for a file manager with something selected. */
const NAME = 'org.freedesktop.FileManager1';
const OBJECT = '/org/freedesktop/FileManager1';
const METHOD = `${NAME}.ShowItems`;

function gdbusArguments(uri: string): readonly string[] {
  const to = ['--session', '--dest', NAME, '--object-path', OBJECT, '--method', METHOD];
  return ['call', ...to, `['${uri}']`, "''"];
}

function dbusSendArguments(uri: string): readonly string[] {
  const to = ['--session', '--print-reply', `--dest=${NAME}`, '--type=method_call'];
  return [...to, OBJECT, METHOD, `array:string:${uri}`, 'string:'];
}

const UNRESERVED = /^[A-Za-z0-9\-._~/]$/;

/** Everything else is encoded: no character is left that a list or a quoted text would end at. */
export function fileUri(path: string): string {
  const encoded = [...Buffer.from(path)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (UNRESERVED.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `file://${encoded.join('')}`;
}
