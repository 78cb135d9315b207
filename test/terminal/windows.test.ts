import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bench, HAS_SIGNALS, ON_LOOPBACK, STOPPED_CODE } from '../support/command.ts';

/** If these fail, nobody can see Dropline work without a second computer, or without Electron. */

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.stop());

/** No screen here: the address is printed, and no browser is opened. */
const NO_SCREEN = { DISPLAY: '', WAYLAND_DISPLAY: '', BROWSER: '' };

const TITLE = '<title>Dropline</title>';

/** Opens an address as a browser does: the token in it is good for one cookie, and the cookie for the page. */
async function openPage(url: unknown): Promise<string> {
  const entered = await fetch(String(url), { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
  const location = new URL(entered.headers.get('location') ?? '', String(url));
  const page = await fetch(location, { headers: { cookie } });
  expect(page.status).toBe(200);
  return page.text();
}

it('the demo sends a folder across and ends', async () => {
  const scratch = bench.directory('scratch');
  const demo = bench.run(['demo'], { env: { TMPDIR: scratch, TEMP: scratch } });
  expect(await demo.ended).toMatchObject({ code: 0, stderr: '' });
  expect(demo.stdout).toMatch(/^Two devices start on this computer: Ada and Ben\./);
  expect(demo.stdout).toMatch(/Ada found Ben at 127\.0\.0\.1:\d+, with no address given\.\n/);
  expect(demo.stdout).toMatch(/Ben has all of it, whole and checked\.\n$/);
  expect(readdirSync(scratch)).toEqual([]);
});

it.runIf(HAS_SIGNALS)('the demo shows two windows until it is stopped', async () => {
  const scratch = bench.directory('scratch');
  const env = { TMPDIR: scratch, ...NO_SCREEN };
  const demo = bench.run(['demo', '--windows', '--json'], { env });
  await demo.line('console', (line) => line['name'] === 'Ben');
  expect(demo.all('console').map((line) => line['name'])).toEqual(['Ada', 'Ben']);
  for (const { url } of demo.all('console')) expect(await openPage(url)).toContain(TITLE);
  demo.kill('SIGINT');
  expect(await demo.ended).toMatchObject({ code: 6, stderr: '' });
  expect(readdirSync(scratch)).toEqual([]);
});

it('the console says where its window is, and serves it', async () => {
  const where = ['--dir', bench.path('inbox'), '--port', '0', '--name', 'Ada', ...ON_LOOPBACK];
  const program = bench.run(['console', '--json', ...where], { env: NO_SCREEN });
  const { url } = await program.line('console');
  expect(program.lines).toMatchObject([
    { event: 'listening', host: '127.0.0.1', mode: 'tls' },
    { event: 'console' },
  ]);
  expect(String(url)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  expect(await openPage(url)).toContain(TITLE);
  program.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: STOPPED_CODE, stderr: '' });
  await expect(fetch(String(url))).rejects.toThrow();
});

// elsewhere there is always a screen, and a real browser would open
it.runIf(process.platform === 'linux')('the console prints the address for people', async () => {
  const where = ['--dir', bench.path('inbox'), '--port', '0', ...ON_LOOPBACK];
  const program = bench.run(['console', ...where], { env: NO_SCREEN });
  await program.text(
    /Open Dropline’s window in a browser on this computer:\n {2}http:\/\/127\.0\.0\.1:/,
  );
  program.kill('SIGINT');
  expect(await program.ended).toMatchObject({ code: 6, stderr: '' });
});
