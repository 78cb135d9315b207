import { describe, expect, it } from 'vitest';
import type { Bench, Program } from '../support/command.ts';
import { ON_LOOPBACK, onBench } from '../support/command.ts';
import { putFile } from '../support/trees.ts';

/**
 * If these fail, `--to` does not find who is there, waits for nobody, or sends to somebody else. Two devices of one
 * name are told apart in test/engine/find-target: here one may be heard long after the other.
 */

function sendTo(bench: Bench, to: string, ...more: readonly string[]): Program {
  const file = putFile(bench.path('file.txt'), 10);
  return bench.run(['send', file, '--to', to, '--json', ...more]);
}

function receiveSeen(bench: Bench, name: string, more: readonly string[] = []) {
  return bench.receive(name, more, { isSeen: true });
}

/** Names are heard by every test that runs on this computer just now. */
function nameOf(name: string): string {
  return `${name} ${process.pid}`;
}

describe('--to', () => {
  it(
    'finds a device by its name and by its id, with no address given',
    onBench(async (bench) => {
      const ben = await receiveSeen(bench, nameOf('Ben'), ['--accept', 'all', '--count', '2']);
      const byName = sendTo(bench, nameOf('bEN'), ...ON_LOOPBACK);
      expect((await byName.ended).code).toBe(0);
      expect(byName.all('offer')[0]).toMatchObject({ peer: nameOf('Ben'), peerId: ben.peerId });
      const byId = sendTo(bench, ben.peerId, '--peer-id', ben.peerId, ...ON_LOOPBACK);
      expect((await byId.ended).code).toBe(0);
      expect((await ben.program.ended).code).toBe(0);
    }),
  );

  it(
    'waits for a name to appear',
    onBench(async (bench) => {
      const file = putFile(bench.path('file.txt'), 10);
      const anna = bench.run(['send', file, '--to', nameOf('Late'), ...ON_LOOPBACK]);
      await anna.text(/Looking for/);
      const late = await receiveSeen(bench, nameOf('Late'), ['--accept', 'all', '--count', '1']);
      expect((await anna.ended).code).toBe(0);
      expect((await late.program.ended).code).toBe(0);
    }),
  );

  it.concurrent(
    'gives up on a name that does not appear',
    onBench(async (bench) => {
      const program = sendTo(bench, nameOf('Nobody'), ...ON_LOOPBACK);
      expect((await program.ended).code).toBe(4);
      expect(program.lines).toMatchObject([{ event: 'failed', code: 'PEER_NOT_FOUND' }]);
    }),
  );

  it(
    'refuses a device of that name with another identity',
    onBench(async (bench) => {
      const ben = await receiveSeen(bench, nameOf('Other'), ['--accept', 'all']);
      const program = sendTo(bench, nameOf('Other'), '--peer-id', 'b'.repeat(64), ...ON_LOOPBACK);
      expect((await program.ended).code).toBe(5);
      expect(program.lines).toMatchObject([{ event: 'failed', code: 'IDENTITY_MISMATCH' }]);
      expect(ben.program.all('offer')).toEqual([]);
    }),
  );

  it(
    'reads addresses of every form',
    onBench(async (bench) => {
      const at = (host: string) => [
        '--dir',
        bench.path('inbox'),
        '--port',
        '0',
        '--interface',
        host,
      ];
      const receivers = ['127.0.0.1', '::1'].map((host) =>
        bench.run([
          'receive',
          '--json',
          '--accept',
          'all',
          '--home',
          bench.path(host),
          ...at(host),
        ]),
      );
      const [four, six] = await Promise.all(
        receivers.map((receiver) => receiver.line('listening')),
      );
      expect(four?.['host']).toBe('127.0.0.1');
      expect(six?.['host']).toBe('::1');
      const targets = [
        `127.0.0.1:${String(four?.['port'])}`,
        `localhost:${String(four?.['port'])}`,
        `[::1]:${String(six?.['port'])}`,
      ];
      for (const to of targets) {
        expect([to, (await sendTo(bench, to, '--no-discovery').ended).code]).toEqual([to, 0]);
      }
    }),
  );

  it.concurrent(
    'lists who is there',
    onBench(async (bench) => {
      const ben = await receiveSeen(bench, nameOf('Ben'));
      const listing = ['peers', '--wait', '3', ...ON_LOOPBACK];
      const [people, program] = [bench.run(listing), bench.run([...listing, '--json'])];
      expect((await program.ended).code).toBe(0);
      expect(program.all('peer')).toContainEqual({
        event: 'peer',
        name: nameOf('Ben'),
        peerId: ben.peerId,
        addresses: ['127.0.0.1'],
        port: ben.port,
        platform: expect.any(String) as string,
      });
      expect((await people.ended).code).toBe(0);
      expect(people.stdout).toContain(`${nameOf('Ben')}\t127.0.0.1:${ben.port}\t${ben.peerId}\n`);
    }),
  );

  it.concurrent(
    'says when nobody is there',
    onBench(async (bench) => {
      const program = bench.run(['peers', '--wait', '0', '--no-discovery']);
      expect(await program.ended).toEqual({
        code: 0,
        stdout: '',
        stderr: 'No devices were found.\n',
      });
    }),
  );
});
