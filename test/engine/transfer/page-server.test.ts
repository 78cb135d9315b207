import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PageServer } from '../../../electron/engine/transfer/page-server.ts';
import {
  PAGE_TICKET_TIMEOUT_MS,
  openPageServer,
} from '../../../electron/engine/transfer/page-server.ts';
import { PAGE_TICKET_LIFE_MS } from '../../../electron/engine/transfer/page-tickets.ts';
import { FakePage } from '../../support/fake-page.ts';
import { HandClock } from '../../support/hand-clock.ts';

const ORIGIN = 'http://127.0.0.1:5000';
const OTHER = 'http://127.0.0.1:5001';

let clock: HandClock;
let server: PageServer;

beforeEach(async () => {
  clock = new HandClock();
  server = await openPageServer(clock);
});

afterEach(async () => {
  await server.close();
});

test('the page is served on the loopback address only', () => {
  expect(server.createTicket(ORIGIN).url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/$/);
});

test.each([
  ['of another origin', OTHER],
  ['of an origin that begins alike', `${ORIGIN}.evil.example`],
  ['that hides its origin', 'null'],
  ['that names no origin', undefined],
])('a page %s is not let in', async (_who, origin) => {
  const { url } = server.createTicket(ORIGIN);
  expect(await new FakePage(url, { origin }).opened()).toBe(false);
});

test('a name that was re-pointed to this computer is not let in', async () => {
  const { url } = server.createTicket(ORIGIN);
  const port = new URL(url).port;
  for (const host of [`evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port}.evil.example`]) {
    expect(await new FakePage(url, { origin: ORIGIN, host }).opened()).toBe(false);
  }
});

test('without a ticket that is waited for nobody is let in', async () => {
  const { url, ticket } = server.createTicket(ORIGIN);
  const page = new FakePage(url, { origin: ORIGIN });
  await page.opened();
  page.say({ kind: 'ticket', ticket });
  page.list([]);
  expect(await new FakePage(url, { origin: ORIGIN }).opened()).toBe(false);
});

test('a ticket lets in once', async () => {
  const { url, ticket, selectionKey } = server.createTicket(ORIGIN);
  server.createTicket(ORIGIN);
  const first = new FakePage(url, { origin: ORIGIN });
  const second = new FakePage(url, { origin: ORIGIN });
  await Promise.all([first.opened(), second.opened()]);
  first.say({ kind: 'ticket', ticket });
  first.list([]);
  expect(await server.source(selectionKey)!.entries()).toEqual([]);
  second.say({ kind: 'ticket', ticket });
  await second.closed();
  expect(server.source(selectionKey)).not.toBeNull();
});

test('a ticket is worth nothing at another origin, and is not spent by trying', async () => {
  const mine = server.createTicket(ORIGIN);
  server.createTicket(OTHER);
  const thief = new FakePage(mine.url, { origin: OTHER });
  await thief.opened();
  thief.say({ kind: 'ticket', ticket: mine.ticket });
  await thief.closed();
  const page = new FakePage(mine.url, { origin: ORIGIN });
  await page.opened();
  page.say({ kind: 'ticket', ticket: mine.ticket });
  page.list([]);
  expect(await server.source(mine.selectionKey)!.entries()).toEqual([]);
});

test.each<readonly [string, (page: FakePage) => void]>([
  ['a wrong ticket', (page) => page.say({ kind: 'ticket', ticket: 'f'.repeat(64) })],
  ['a list in place of its ticket', (page) => page.list([])],
  ['bytes in place of its ticket', (page) => page.sendBytes(0, Buffer.alloc(10))],
  ['garbage in place of its ticket', (page) => page.socket.send('garbage')],
])('a page with %s is closed', async (_what, begin) => {
  const { url, selectionKey } = server.createTicket(ORIGIN);
  const page = new FakePage(url, { origin: ORIGIN });
  await page.opened();
  begin(page);
  await page.closed();
  // whose ticket it is may still come
  expect(server.source(selectionKey)).not.toBeNull();
});

test('a page that shows no ticket in time is closed', async () => {
  const { url } = server.createTicket(ORIGIN);
  const page = new FakePage(url, { origin: ORIGIN });
  await page.opened();
  clock.turn(PAGE_TICKET_TIMEOUT_MS);
  await page.closed();
});

test('a ticket that is not used in time ends its source', async () => {
  const { url, selectionKey } = server.createTicket(ORIGIN);
  const listed = expect(server.source(selectionKey)!.entries()).rejects.toMatchObject({
    code: 'PAGE_CLOSED',
  });
  clock.turn(PAGE_TICKET_LIFE_MS);
  await listed;
  expect(server.source(selectionKey)).toBeNull();
  expect(await new FakePage(url, { origin: ORIGIN }).opened()).toBe(false);
});

test('a source that was given up before its page came turns the page away', async () => {
  const { url, ticket, selectionKey } = server.createTicket(ORIGIN);
  const page = new FakePage(url, { origin: ORIGIN });
  await page.opened();
  server.source(selectionKey)!.close();
  page.say({ kind: 'ticket', ticket });
  await page.closed();
});

test('plain requests find nothing', async () => {
  const url = server.createTicket(ORIGIN).url.replace('ws:', 'http:');
  const [response] = (await once(get(url), 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(404);
});

test('garbage on the port disturbs nobody', async () => {
  const { url, ticket, selectionKey } = server.createTicket(ORIGIN);
  const garbage = connect(Number(new URL(url).port), '127.0.0.1');
  garbage.on('error', () => undefined);
  garbage.write(Buffer.alloc(70_000, 0xfe));
  garbage.resume();
  await once(garbage, 'close');
  const page = new FakePage(url, { origin: ORIGIN });
  await page.opened();
  page.say({ kind: 'ticket', ticket });
  page.list([]);
  expect(await server.source(selectionKey)!.entries()).toEqual([]);
});

test('closing ends pages and sources and gives the port back', async () => {
  const { url, ticket, selectionKey } = server.createTicket(ORIGIN);
  const waiting = server.createTicket(ORIGIN);
  const page = new FakePage(url, { origin: ORIGIN });
  await page.opened();
  page.say({ kind: 'ticket', ticket });
  page.list([]);
  await server.source(selectionKey)!.entries();
  await server.close();
  await page.closed();
  expect(server.source(selectionKey)).toBeNull();
  expect(server.source(waiting.selectionKey)).toBeNull();
  expect(clock.pending).toBe(0);
  expect(await new FakePage(url, { origin: ORIGIN }).opened()).toBe(false);
});
