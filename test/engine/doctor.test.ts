import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { firewallHere } from '../../electron/engine/firewall.ts';
import { SILENT_AFTER_MS, knock } from '../../electron/engine/knock.ts';
import { HandClock } from '../support/hand-clock.ts';
import { Ground } from '../support/engines.ts';
import { Bench, createIdentity, quickClock } from '../support/transfer-pair.ts';

/** If these fail, the doctor says of a device what is not so. */

const bench = new Bench();
const ground = new Ground();
const servers: Server[] = [];

afterAll(async () => {
  for (const server of servers) server.close();
  await Promise.all([bench.remove(), ground.remove()]);
});

async function listening(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const at = (port: number) => ({ address: '127.0.0.1', port });

test('who listens with Dropline answers, and is not left with anything', async () => {
  const receiver = await bench.receiver();
  expect(await knock(at(receiver.port), await createIdentity(), quickClock)).toBe('answers');
  expect(await knock(at(receiver.port), receiver.identity, quickClock)).toBe('self');
  expect(receiver.events).toEqual([]);
});

test('a port that nobody has refuses, and who speaks something else is not Dropline', async () => {
  const identity = await createIdentity();
  const port = await listening(
    createServer((socket) => socket.on('error', () => undefined).end('220 mail\r\n')),
  );
  expect(await knock(at(port), identity, quickClock)).toBe('notDropline');
  const closed = await listening(createServer());
  await new Promise((resolve) => servers.pop()?.close(resolve));
  expect(await knock(at(closed), identity, quickClock)).toBe('refused');
});

test('who takes the call and says nothing is not waited for', async () => {
  const clock = new HandClock();
  let called: () => void = () => undefined;
  const wasCalled = new Promise<void>((resolve) => (called = resolve));
  // the second call is the one in which it is asked who it is
  let calls = 0;
  const port = await listening(
    createServer((socket) => {
      socket.on('error', () => undefined);
      if (++calls === 2) called();
    }),
  );
  const answer = knock(at(port), await createIdentity(), clock);
  await wasCalled;
  clock.turn(SILENT_AFTER_MS);
  expect(await answer).toBe('notDropline');
});

test.each([
  ['ufw, on', { '/etc/ufw/ufw.conf': 'A=1\nENABLED=yes\n' }, 'ufw'],
  ['ufw, off', { '/etc/ufw/ufw.conf': 'ENABLED=no\n' }, null],
  ['firewalld', { '/run/firewalld.pid': '1' }, 'firewalld'],
  ['none', {}, null],
])('a firewall is told by what its files say: %s', (_what, files: Record<string, string>, name) => {
  const found = firewallHere({
    read: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error('ENOENT');
      return text;
    },
    exists: (path) => path in files,
  });
  expect(found).toBe(name);
});

test('an engine knows its own port, who has come, and whether another one is reached', async () => {
  const [anna, ben] = await Promise.all([ground.start('Anna'), ground.start('Ben')]);
  const codes = async (address: string | null) =>
    (await ben.engine.commands.examine({ address })).map(({ code }) => code);
  const before = await codes(null);
  expect(before).toContain('LISTENING');
  expect(before).toContain('NOT_REACHED');
  const { port } = anna.engine.snapshot().self;
  expect(await codes(`127.0.0.1:${port ?? 0}`)).toContain('TARGET_ANSWERS');
  await expect(ben.engine.commands.examine({ address: '::::' })).rejects.toMatchObject({
    code: 'NOT_AN_ADDRESS',
  });
});
