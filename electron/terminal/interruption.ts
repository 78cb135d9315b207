/** A wish to end that comes from outside: a signal, or nobody left to read what is printed. */
export interface Interruption {
  /** `stop`: the person wants it to end; `end`: the process has to, and what it did may go on later. */
  readonly signal: Promise<'stop' | 'end'>;
  stop(): void;
}

/**
 * Resolves with the first SIGINT, SIGTERM, closed terminal or closed pipe. The same signal a second time
 * ends the process at once.
 */
export function listenForInterruption(): Interruption {
  let onInterrupt: (name: string) => void = () => undefined;
  const signal = new Promise<'stop' | 'end'>((resolve) => {
    onInterrupt = (name) => {
      resolve(name === 'SIGINT' ? 'stop' : 'end');
    };
  });
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  // without a terminal a hang-up may be meant to be ignored, as nohup does, and a listener would undo that
  if (process.stdin.isTTY) signals.push('SIGHUP');
  for (const name of signals) process.once(name, onInterrupt);
  const onClosed = (): void => {
    onInterrupt('closed');
  };
  // stays to the end: whatever is still written after the reader has gone fails again
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onClosed);
  return {
    signal,
    stop: () => {
      for (const name of signals) process.removeListener(name, onInterrupt);
    },
  };
}
