import { spawn } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Launch } from '../support/command.ts';
import { Bench } from '../support/command.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, a full disk or a folder that takes no files ends the receiver, or leaves pieces behind,
 * or tells the sender that all is well.
 */

const MIB = 1024 * 1024;
const DISK_BYTES = 64 * MIB;

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

/** Starts it where `directory` is a disk of its own: only that process and what it starts see it. */
function onDiskOf(directory: string, options: string): Launch {
  const mount = 'mount -t tmpfs -o "$1" tmpfs "$0" && shift && exec "$@"';
  const inside = ['sh', '-c', mount, directory, options];
  return (command, args, spawning) =>
    spawn(
      'unshare',
      ['--user', '--map-root-user', '--mount', '--', ...inside, command, ...args],
      spawning,
    );
}

describe.skipIf(process.platform !== 'linux')('a disk of its own', () => {
  async function receive(options: string, ...more: readonly string[]) {
    const directory = bench.directory('ben-inbox');
    const launch = onDiskOf(directory, options);
    const ben = await bench.receive('ben', ['--accept', 'all', ...more], { launch });
    // from inside its namespace, where the disk is
    const list = () =>
      bench.start('ls', ['-A', `/proc/${ben.program.process.pid}/root${directory}`]);
    return { ...ben, list };
  }

  it('with too little room takes nothing, says so on both sides, and stays', async () => {
    const ben = await receive(`size=${DISK_BYTES}`, '--count', '1');
    const large = putFile(bench.path('large.bin'), 0);
    truncateSync(large, 2 * DISK_BYTES);
    const anna = bench.send([large], ben.port);
    expect((await anna.ended).code).toBe(7);
    expect(anna.lines.at(-1)).toMatchObject({ event: 'failed', code: 'DISK_FULL' });
    expect(await ben.program.line('failed')).toMatchObject({ code: 'DISK_FULL' });
    expect((await ben.list().ended).stdout).toBe('');
    const small = bench.send([putFile(bench.path('small.bin'), MIB)], ben.port);
    expect((await small.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
  });

  it('that fills up under a bare exchange keeps nothing of it (P25)', async () => {
    const ben = await receive(`size=${DISK_BYTES}`, '--plain', '--count', '1');
    const large = putFile(bench.path('large.bin'), 0);
    truncateSync(large, 16 * 1024 * MIB);
    const anna = bench.send([large], ben.port, ['--plain']);
    expect((await anna.ended).code).not.toBe(0);
    expect(await ben.program.line('failed')).toMatchObject({ code: 'DISK_FULL' });
    expect((await ben.list().ended).stdout).toBe('');
    const small = bench.send([putFile(bench.path('small.bin'), MIB)], ben.port, ['--plain']);
    expect((await small.ended).code).toBe(0);
    expect((await ben.program.ended).code).toBe(0);
  });

  it('that may only be read is refused at the start', async () => {
    const directory = bench.directory('ben-inbox');
    const at = ['--dir', directory, '--port', '0', '--json', '--no-discovery'];
    const launch = onDiskOf(directory, 'ro,size=1m');
    const ben = bench.run(['receive', ...at], { launch });
    expect(await ben.ended).toMatchObject({ code: 7, stderr: '' });
    expect(ben.lines).toMatchObject([{ event: 'failed', code: 'NO_PERMISSION' }]);
  });
});
