import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Acquaintance } from '../../../electron/engine/discovery/discovery-messages.ts';
import { Mdns, VEIL_MS } from '../../../electron/engine/discovery/mdns.ts';
import type { Sighting } from '../../../electron/engine/discovery/sightings.ts';
import { Recogniser, veiled } from '../../../electron/engine/discovery/veil.ts';
import { MAX_MARKS } from '../../../shared/protocol/announcement.ts';
import { ANNOUNCEMENT, FakeUdp, ID, idOf, ONE_CARD } from './fake-network.ts';

const BEN = idOf(2);
const MEETING_KEY = 'a7'.repeat(32);

function acquaintance(changes: Partial<Acquaintance> = {}): Acquaintance {
  return { id: ID, name: 'As I call it', platform: 'linux', meetingKey: MEETING_KEY, ...changes };
}

const many = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    acquaintance({ id: idOf(at + 10), meetingKey: randomBytes(32).toString('hex') }),
  );

describe('an announcement behind the veil', () => {
  it('is told by who is paired, under the name that was given to it', () => {
    const recogniser = new Recogniser();
    recogniser.setPaired([...many(3), acquaintance()]);
    const said = veiled(1, ID, [...many(4), acquaintance({ id: BEN })]);
    const who = { version: 1, id: ID, name: 'As I call it', platform: 'linux' };
    expect(recogniser.recognise(said)).toEqual(who);
    expect(recogniser.recognise(said)).toEqual(who);
  });

  it('tells nothing to anybody else, nor to its own maker when it is thrown back', () => {
    const stranger = new Recogniser();
    stranger.setPaired(many(20));
    const maker = new Recogniser();
    maker.setPaired([acquaintance({ id: BEN })]);
    const said = veiled(1, ID, [acquaintance({ id: BEN })]);
    expect(stranger.recognise(said)).toBeNull();
    expect(maker.recognise(said)).toBeNull();
  });

  it('is forgotten with the pairing', () => {
    const recogniser = new Recogniser();
    recogniser.setPaired([acquaintance()]);
    const said = veiled(1, ID, [acquaintance({ id: BEN })]);
    expect(recogniser.recognise(said)).not.toBeNull();
    recogniser.setPaired([]);
    expect(recogniser.recognise(said)).toBeNull();
  });

  it('repeats nothing, and does not say how many are paired', () => {
    const paired = many(3);
    const [one, two] = [veiled(1, ID, paired), veiled(1, ID, paired)];
    expect(one.nonce).not.toBe(two.nonce);
    expect(one.marks.filter((mark) => two.marks.includes(mark))).toEqual([]);
    expect(one.marks).toEqual(one.marks.toSorted());
    expect(veiled(1, ID, []).marks).toHaveLength(one.marks.length);
    expect(veiled(1, ID, many(MAX_MARKS + 1)).marks).toHaveLength(MAX_MARKS);
  });
});

describe('on the network', () => {
  const running: Mdns[] = [];
  let nowMs = 0;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  });
  afterEach(async () => {
    const stopped = running.splice(0).map((mdns) => mdns.stop());
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all(stopped);
    vi.useRealTimers();
  });

  async function pass(ms: number): Promise<void> {
    nowMs += ms;
    await vi.advanceTimersByTimeAsync(ms);
  }

  async function station(announce: boolean, paired: readonly Acquaintance[]) {
    const udp = new FakeUdp();
    const heard: Sighting[] = [];
    const mdns = new Mdns({
      announce: announce ? { ...ANNOUNCEMENT, isVeiled: true } : null,
      paired,
      interface: null,
      maxTtlSeconds: 120,
      openUdp: (family) => (family === 'IPv4' ? udp : new FakeUdp()).asSocket(),
      interfaces: () => ONE_CARD,
      nowMs: () => nowMs,
      onSightings: (sightings) => heard.push(...sightings),
      onStarted: () => undefined,
      onFailed: () => undefined,
      onTrouble: () => undefined,
    });
    running.push(mdns);
    await pass(0);
    const take = () => udp.sent.splice(0).map(({ message }) => message);
    return { mdns, udp, heard, take };
  }

  it('nothing that is said holds the name or the id', async () => {
    const { take } = await station(true, [acquaintance({ id: BEN })]);
    const all = Buffer.concat(take());
    expect(all.includes('dropline-')).toBe(true);
    for (const secret of [ID, ID.slice(0, 12), ANNOUNCEMENT.name, BEN, MEETING_KEY]) {
      expect(all.includes(secret)).toBe(false);
    }
  });

  it('is found by who is paired and by nobody else, until it says goodbye', async () => {
    const { mdns, take } = await station(true, [acquaintance({ id: BEN })]);
    const friend = await station(false, [acquaintance()]);
    const stranger = await station(false, []);
    for (const packet of take()) {
      friend.udp.hear(packet, '192.168.1.9');
      stranger.udp.hear(packet, '192.168.1.9');
    }
    expect(friend.heard).toMatchObject([{ hint: { id: ID, name: 'As I call it' }, port: 4000 }]);
    expect(stranger.heard).toEqual([]);
    mdns.setAnnounce(null);
    await pass(1000);
    friend.heard.length = 0;
    for (const packet of take()) friend.udp.hear(packet, '192.168.1.9');
    expect(friend.heard).toMatchObject([{ hint: { id: ID }, ttlSeconds: 0 }]);
  });

  it('says something new after a while, and at once for a new acquaintance', async () => {
    const { mdns, take } = await station(true, []);
    const labelOf = (packets: Buffer[]) =>
      /dropline-[0-9a-f]{12}/.exec(Buffer.concat(packets).toString('latin1'))?.[0];
    const first = labelOf(take());
    await pass(VEIL_MS - 5_000);
    take();
    await pass(10_000);
    const packets = take();
    expect(labelOf(packets.slice(-1))).not.toBe(first);
    mdns.setPaired([acquaintance({ id: BEN })]);
    await pass(1000);
    const friend = await station(false, [acquaintance()]);
    for (const packet of take()) friend.udp.hear(packet, '192.168.1.9');
    expect(friend.heard.length).toBeGreaterThan(0);
  });
});
