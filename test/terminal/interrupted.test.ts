import { afterEach, expect, test, vi } from 'vitest';
import { listenForInterruption, raiseInterrupt } from '../../electron/terminal/interruption.ts';

/** If these fail, Ctrl-C at a question or a closed window on Windows ends a command before it has tidied up. */

afterEach(() => {
  vi.restoreAllMocks();
});

test('Ctrl-C that was read as a key is heard like any other, with no signal sent', async () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const interruption = listenForInterruption();
  raiseInterrupt();
  interruption.stop();
  await Promise.resolve();
  expect(kill).not.toHaveBeenCalled();
  expect(await interruption.signal).toBe('stop');
});

test('the second one ends the process, as no one listens any more', () => {
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const interruption = listenForInterruption();
  raiseInterrupt();
  raiseInterrupt();
  interruption.stop();
  expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGINT');
});

test.each(['SIGBREAK', 'SIGHUP'] as const)('on Windows %s lets it end in order', async (name) => {
  const interruption = listenForInterruption({ platform: 'win32', hasTerminal: false });
  process.emit(name, name);
  interruption.stop();
  expect(await interruption.signal).toBe('end');
});

test('elsewhere a hang-up is heard on a terminal alone, as nohup wants it', () => {
  const before = process.listenerCount('SIGHUP');
  const without = listenForInterruption({ platform: 'linux', hasTerminal: false });
  expect(process.listenerCount('SIGHUP')).toBe(before);
  without.stop();
  const withOne = listenForInterruption({ platform: 'linux', hasTerminal: true });
  expect(process.listenerCount('SIGHUP')).toBe(before + 1);
  withOne.stop();
});
