import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { expect, it } from 'vitest';
import { keepAwake } from '../../electron/terminal/keep-awake.ts';
import type { Bench } from '../support/command.ts';
import { onBench } from '../support/command.ts';
import { HeldWire } from '../support/held-wire.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, a computer that was left to receive over night falls asleep in the middle, or one that
 * has long been done stays awake because a program of ours is still there.
 */

const FILM_BYTES = 20_000_000;

it.each([
  ['darwin', '/usr/bin/caffeinate', ['-i', '-w', '77']],
  [
    'linux',
    'systemd-inhibit',
    ['--what=sleep', '--mode=block', '--who=Dropline', expect.stringMatching(/^--why=.+/), 'cat'],
  ],
] as const)('on %s a program of the system holds it', (platform, command, args) => {
  const held: unknown[] = [];
  const start = (...call: readonly unknown[]) => {
    held.push(call);
    return () => void held.pop();
  };
  const letSleep = keepAwake({ platform, pid: 77, start });
  expect(held).toEqual([[command, args]]);
  letSleep();
  expect(held).toEqual([]);
});

it('elsewhere nothing is started', () => {
  const start = () => {
    throw new Error('started');
  };
  keepAwake({ platform: 'win32', pid: 77, start })();
});

/** Stands where the system's own program would: notes its process and its words, then does its part. */
function putInhibitor(bench: Bench): { readonly PATH: string } {
  const directory = bench.directory('bin');
  const path = bench.path('bin', 'systemd-inhibit');
  const script = `#!/bin/sh\necho "$$ $*" >> '${bench.path('held.txt')}'\nwhile [ "$1" != cat ]; do shift; done\nexec "$@"\n`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return { PATH: `${directory}${delimiter}${process.env['PATH'] ?? ''}` };
}

/** One that has ended and waits to be seen off by its parent is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The process that holds the computer awake, once there is one. */
async function holder(bench: Bench): Promise<number> {
  const read = () => readFileSync(bench.path('held.txt'), 'utf8');
  await expect.poll(read).toMatch(/^\d+ --what=sleep --mode=block .*cat\n$/);
  return Number.parseInt(read(), 10);
}

async function halfway(bench: Bench) {
  const env = putInhibitor(bench);
  const receiver = await bench.receive('awake', ['--accept', 'all'], { env });
  const wire = await HeldWire.open(receiver.port, FILM_BYTES / 2);
  const film = putFile(bench.path('film.mp4'), FILM_BYTES);
  const sender = bench.send([film], wire.address);
  await receiver.program.line('progress', ({ bytes }) => Number(bytes) > 0);
  return { receiver, wire, sender };
}

it.runIf(process.platform === 'linux')(
  'the command holds it while bytes move and lets go when they are across',
  onBench(async (bench) => {
    const { receiver, wire, sender } = await halfway(bench);
    const pid = await holder(bench);
    expect(isAlive(pid)).toBe(true);
    wire.letGo();
    expect((await sender.ended).code).toBe(0);
    await expect.poll(() => isAlive(pid)).toBe(false);
    receiver.program.kill('SIGTERM');
    await receiver.program.ended;
    await wire.stop();
  }),
);

it.runIf(process.platform === 'linux')(
  'a command that is killed leaves nothing that keeps the computer awake',
  onBench(async (bench) => {
    const { receiver, wire, sender } = await halfway(bench);
    const pid = await holder(bench);
    expect(isAlive(pid)).toBe(true);
    receiver.program.kill('SIGKILL');
    await receiver.program.ended;
    await expect.poll(() => isAlive(pid)).toBe(false);
    sender.kill('SIGKILL');
    await sender.ended;
    await wire.stop();
  }),
);
