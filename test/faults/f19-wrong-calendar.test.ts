import { mkdirSync, writeFileSync } from 'node:fs';
import { Proxy } from '../support/proxy.ts';
import { putFile } from '../support/trees.ts';
import type { ChildEngine } from './support/child-engines.ts';
import { startChild } from './support/child-engines.ts';
import { QUICK, mustNotSendMuchAgain } from './support/killed.ts';
import type { Trial } from './support/matrix.ts';
import { promise } from './support/matrix.ts';
import { mustBeRight, sentAs } from './support/oracle.ts';
import { Random } from './support/random.ts';
import { Calendar } from './support/wrong-calendar.ts';

/**
 * If this fails, a computer whose battery is empty and which wakes up in another year meets nobody any
 * more: devices that were confirmed are strangers, or a transfer begins again when the time is set right.
 */

const MIB = 1024 * 1024;
const HOUR_MS = 3600 * 1000;
const TEN_YEARS_MS = 10 * 365 * 24 * HOUR_MS;
const OFFSETS_MS = [-TEN_YEARS_MS, 0, TEN_YEARS_MS] as const;

/** In an order in which neighbours are different. */
const CASES = new Random(19).shuffled(
  OFFSETS_MS.flatMap((senderMs) =>
    OFFSETS_MS.flatMap((receiverMs) =>
      OFFSETS_MS.map((stepMs) => ({ senderMs, receiverMs, stepMs })),
    ),
  ),
);

function startPaired(trial: Trial, name: string, calendar: Calendar): Promise<ChildEngine> {
  const env = { ...QUICK, ...calendar.env };
  return startChild(trial, name, { env, engine: { accept: 'paired' } });
}

function mustBelieve(calendarMs: number, aheadMs: number): void {
  const wrongByMs = Math.abs(calendarMs - Date.now() - aheadMs);
  if (wrongByMs > HOUR_MS) throw new Error(`the calendar was never wrong: ${wrongByMs}`);
}

promise({
  id: 'F19',
  says: 'a calendar that is wrong by years, or is set meanwhile, changes neither trust nor resume',
  quick: 1,
  full: CASES.length,
  onlyOn: 'linux',
  run: async (random, trial) => {
    const one = CASES[trial.turn % CASES.length]!;
    const restarts = random.chance(0.3);
    trial.note(`${JSON.stringify(one)}, ${restarts ? 'started anew' : 'cut'}`);
    const atAnna = new Calendar(trial.path('anna-calendar'), one.senderMs);
    const atBen = new Calendar(trial.path('ben-calendar'), one.receiverMs);
    const anna = await startPaired(trial, 'anna', atAnna);
    const peers = [{ id: anna.id, name: 'anna' }];
    mkdirSync(trial.path('ben-home'));
    writeFileSync(trial.path('ben-home', 'paired.json'), JSON.stringify({ version: 1, peers }));
    let ben = await startPaired(trial, 'ben', atBen);
    const proxy = await Proxy.open(ben.port);
    trial.atEnd(() => proxy.stop());

    const bytes = random.int(12 * MIB, 20 * MIB);
    const path = putFile(trial.path('source', 'film.bin'), bytes, random.int(1, 1_000_000));
    const id = await anna.send([path], proxy.port);
    const ended = anna.until(id, 'delivered');
    ended.catch(() => undefined);
    await Promise.race([proxy.whenForwarded(random.int(1 * MIB, bytes)), ended]);
    const steps = random.pick([[atAnna], [atBen], [atAnna, atBen]]);
    if (steps.includes(atAnna)) atAnna.set(one.senderMs + one.stepMs);
    if (steps.includes(atBen)) atBen.set(one.receiverMs + one.stepMs);
    if (restarts) {
      proxy.refuse(true);
      await ben.kill();
      ben = await startPaired(trial, 'ben', atBen);
      proxy.retarget(ben.port);
      proxy.refuse(false);
    } else proxy.cut();
    const { sentBytes, failed, startedAtMs } = await ended;
    if (failed.count > 0) throw new Error(JSON.stringify(failed));
    mustNotSendMuchAgain(sentBytes, bytes, 1);
    mustBelieve(startedAtMs, one.senderMs);
    await ben.when(({ transfers }) => transfers.every(({ phase }) => phase === 'delivered'));
    await mustBeRight(ben.directory, sentAs([path]));

    // who is no friend has not become one
    const strange = await ben.send([path], anna.port);
    await ben.until(strange, 'declined');
    await mustBeRight(anna.directory, { versions: {} });
    return undefined;
  },
});
