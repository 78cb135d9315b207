import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Said to a start that comes with the person's session. */
export const HIDDEN = '--hidden';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where desktops of Linux look for what is started with a session. */
export function autostartFile(env: Environment): string {
  const config = env['XDG_CONFIG_HOME'] ?? '';
  return join(config === '' ? join(homedir(), '.config') : config, 'autostart', 'dropline.desktop');
}

/** A program in one file is where that file is, and not where it was unpacked for this run. */
export function programFile(env: Environment, execPath: string): string {
  return env['APPIMAGE'] ?? execPath;
}

/** Throws what the system throws. */
export function setAutostart(isOn: boolean, file: string, program: string): void {
  if (!isOn) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, autostartEntry(program));
}

export function autostartEntry(program: string): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Dropline',
    `Exec=${quoted(program)} ${HIDDEN}`,
    'Terminal=false',
  ];
  return `${lines.join('\n')}\n`;
}

/** As the Desktop Entry Specification reads it: escaped for the shell's quotes, then for a string. */
function quoted(word: string): string {
  const inQuotes = word.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${inQuotes.replaceAll('\\', '\\\\')}"`;
}
