/** A wish to end that comes from outside: a signal, or nobody left to read what is printed. */
export interface Interruption {
  /** `stop`: the person wants it to end; `end`: the process has to, and what it did may go on later. */
  readonly signal: Promise<'stop' | 'end'>;
  stop(): void;
}

/** What the outcome depends on, as values that a test can replace. */
export interface InterruptedProcess {
  readonly platform: NodeJS.Platform;
  readonly hasTerminal: boolean;
}

/**
 * Resolves with the first SIGINT, SIGTERM, closed terminal or closed pipe. The same signal a second time
 * ends the process at once.
 */
export function listenForInterruption(
  host: InterruptedProcess = { platform: process.platform, hasTerminal: process.stdin.isTTY },
): Interruption {
  let onInterrupt: (name: string) => void = () => undefined;
  const signal = new Promise<'stop' | 'end'>((resolve) => {
    onInterrupt = (name) => {
      resolve(name === 'SIGINT' ? 'stop' : 'end');
    };
  });
  const signals = signalsOf(host);
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

function signalsOf({ platform, hasTerminal }: InterruptedProcess): readonly NodeJS.Signals[] {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  // Ctrl-Break is what programs send there to a process that is to end. The window of a console closes
  // upon whatever runs in it, wherever that reads from.
  if (platform === 'win32') return [...signals, 'SIGBREAK', 'SIGHUP'];
  // without a terminal a hang-up may be meant to be ignored, as nohup does, and a listener would undo that
  return hasTerminal ? [...signals, 'SIGHUP'] : signals;
}

/**
 * What Ctrl-C means, where it was read as a key. On Windows a signal that a process sends to itself reaches
 * no listener: it ends the process at once.
 */
export function raiseInterrupt(): void {
  if (process.listenerCount('SIGINT') > 0) process.emit('SIGINT', 'SIGINT');
  else process.kill(process.pid, 'SIGINT');
}
