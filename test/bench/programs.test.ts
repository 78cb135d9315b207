import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Programs, readTimes } from './programs.ts';

describe.skipIf(process.platform !== 'linux')('a program that is measured', () => {
  it('is counted with all it started', async () => {
    const programs = new Programs();
    const busy = 'n=0; while [ $n -lt 300000 ]; do n=$((n+1)); done';
    const program = programs.start('/bin/sh', ['-c', `/bin/sh -c '${busy}'; true`]);
    const { cpuSeconds, code } = await program.finished();
    expect(code).toBe(0);
    expect(cpuSeconds).toBeGreaterThan(0.02);
  });

  it('is started no more once all are stopped', async () => {
    const programs = new Programs();
    const program = programs.start('sleep', ['1000']);
    await programs.stop();
    expect((await program.ended).code).not.toBe(0);
    expect(() => programs.start('true', [])).toThrow('the bench was stopped');
  });

  it('tells why it failed', async () => {
    const program = new Programs().start('/bin/sh', ['-c', 'echo no such luck >&2; exit 3']);
    await expect(program.finished()).rejects.toThrow('ended with 3: no such luck');
  });

  it('ends when it is told to, and with it what it started', async () => {
    const programs = new Programs();
    const lines: string[] = [];
    let onLine: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (onLine = resolve));
    const script = 'sleep 1000 & echo $!; wait';
    const program = programs.start('/bin/sh', ['-c', script], {
      onLine: (line) => {
        lines.push(line);
        onLine();
      },
    });
    await started;
    const { code } = await program.terminate();
    expect(code).not.toBe(0);
    await expect.poll(() => isThere(Number(lines[0]))).toBe(false);
  });
});

it('times are those of the children', () => {
  expect(readTimes('12\n0m0.010s 0m0.020s\n1m2.500s 0m0.250s\n')).toBe(62.75);
  expect(readTimes('12\n0m0.010000s 0m0.020000s\n0m0.500000s 0m0.250000s\n')).toBe(0.75);
});

/** One that has ended may wait for somebody to take note. */
function isThere(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}
