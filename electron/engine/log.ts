import { join } from 'node:path';
import electronLog from 'electron-log/node.js';

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

export function openLog(home: string): Log {
  const logger = electronLog.create({ logId: home });
  logger.transports.console.level = false;
  logger.transports.file.setAppName('Dropline');
  logger.transports.file.resolvePathFn = () => join(home, ...LOG_FILE);
  logger.transports.file.maxSize = MAX_LOG_BYTES;
  logger.transports.file.level = 'info';
  return {
    info: (line) => {
      logger.info(withoutPaths(line));
    },
    warn: (line) => {
      logger.warn(withoutPaths(line));
    },
  };
}
