import { join } from 'node:path';

/** Below the home folder. */
export const LOG_FILE = ['log', 'dropline.log'] as const;

const MAX_LOG_BYTES = 1024 * 1024;

/** Absolute, in quotes as the system's errors have them, or up to the next blank. */
const PATHS =
  /(['"`])(?:[A-Za-z]:[\\/]|[\\/])[^\n]*?\1|(?<![\w.~])(?:[A-Za-z]:[\\/]|\\\\|\/)[^\s'"`]+/g;

/** What went wrong may be told by a message of the system's, which names the file. */
export function withoutPaths(line: string): string {
  return line.replace(PATHS, '<path>');
}

/** One line an event, in `log/dropline.log` of the home folder. No content, no full paths, no secrets. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
}

/** A log that is written to a file. */
export interface OpenLog extends Log {
  /** Resolves when every line so far is in the file, or cannot be. Never rejects. */
  settled(): Promise<void>;
}

/** The library is loaded for the first line: whoever sends is not kept waiting for it. */
export function openLog(home: string, open: (home: string) => Promise<Log> = openFile): OpenLog {
  let file: Promise<Log> | null = null;
  let last: Promise<void> = Promise.resolve();
  const write = (level: keyof Log, line: string): void => {
    file ??= open(home);
    // who cannot keep a log works without
    last = file
      .then((log) => {
        log[level](withoutPaths(line));
      })
      .catch(() => undefined);
  };
  return {
    info: (line) => {
      write('info', line);
    },
    warn: (line) => {
      write('warn', line);
    },
    settled: () => last,
  };
}

async function openFile(home: string): Promise<Log> {
  const { default: electronLog } = await import('electron-log/node.js');
  const logger = electronLog.create({ logId: home });
  logger.transports.console.level = false;
  logger.transports.file.setAppName('Dropline');
  logger.transports.file.resolvePathFn = () => join(home, ...LOG_FILE);
  logger.transports.file.maxSize = MAX_LOG_BYTES;
  logger.transports.file.level = 'info';
  return logger;
}
