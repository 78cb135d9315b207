/** A wish to end that comes from outside: a signal, or nobody left to read what is printed. */
export interface Interruption {
  readonly signal: Promise<void>;
  stop(): void;
}

/**
 * Resolves with the first SIGINT, SIGTERM, closed terminal or closed pipe. The same signal a second time
 * ends the process at once.
 */
export function listenForInterruption(): Interruption {
  let onInterrupt: () => void = () => undefined;
  const signal = new Promise<void>((resolve) => {
    onInterrupt = () => {
      resolve();
    };
  });
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  // without a terminal a hang-up may be meant to be ignored, as nohup does, and a listener would undo that
  if (process.stdin.isTTY) signals.push('SIGHUP');
  for (const name of signals) process.once(name, onInterrupt);
  // stays to the end: whatever is still written after the reader has gone fails again
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onInterrupt);
  return {
    signal,
    stop: () => {
      for (const name of signals) process.removeListener(name, onInterrupt);
    },
  };
}
