import { beforeEach, describe, expect, test } from 'vitest';
import { Quit, isBusy } from '../../electron/desktop/quit.ts';
import { NO_PROBLEMS } from '../../shared/model/transfer.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import { aSnapshot, anOffer } from './samples.ts';

let events: string[] = [];
let busy = false;
let reply: PromiseWithResolvers<boolean>;
let stopping: PromiseWithResolvers<void>;
let waiting: PromiseWithResolvers<void>;
let quit: Quit;

beforeEach(() => {
  events = [];
  busy = false;
  reply = withResolvers();
  stopping = withResolvers();
  waiting = withResolvers();
  quit = new Quit({
    isBusy: () => busy,
    askToStop: () => {
      events.push('ask');
      return reply.promise;
    },
    stop: () => {
      events.push('stop');
      return stopping.promise;
    },
    exit: () => events.push('exit'),
    wait: () => waiting.promise,
  });
});

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}

describe('quitting', () => {
  test('waits until everything has stopped', async () => {
    const done = quit.request();
    expect(events).toEqual(['stop']);
    stopping.resolve();
    await done;
    expect(events).toEqual(['stop', 'exit']);
  });

  test('does not wait for ever', async () => {
    const done = quit.request();
    waiting.resolve();
    await done;
    expect(events).toEqual(['stop', 'exit']);
  });

  test('goes ahead when something cannot be stopped', async () => {
    const done = quit.request();
    stopping.reject(new Error('worker is gone'));
    await done;
    expect(events).toEqual(['stop', 'exit']);
  });

  test('asks first while a transfer runs, and stays when told to keep going', async () => {
    busy = true;
    const done = quit.request();
    reply.resolve(false);
    await done;
    expect(events).toEqual(['ask']);
  });

  test('can be asked for again after having stayed', async () => {
    busy = true;
    reply.resolve(false);
    await quit.request();
    busy = false;
    stopping.resolve();
    await quit.request();
    expect(events).toEqual(['ask', 'stop', 'exit']);
  });

  test('stops the transfers when told to', async () => {
    busy = true;
    reply.resolve(true);
    stopping.resolve();
    await quit.request();
    expect(events).toEqual(['ask', 'stop', 'exit']);
  });

  test('stays when the question cannot be asked', async () => {
    busy = true;
    reply.reject(new Error('no window'));
    await quit.request();
    expect(events).toEqual(['ask']);
  });

  test('asks one question at a time', () => {
    busy = true;
    void quit.request();
    void quit.request();
    expect(events).toEqual(['ask']);
  });

  test('obeys the system at once, even while the question stands', async () => {
    busy = true;
    const asked = quit.request();
    stopping.resolve();
    await quit.now();
    reply.resolve(true);
    await asked;
    expect(events).toEqual(['ask', 'stop', 'exit']);
  });
});

describe('a transfer is in the way of quitting', () => {
  const base = anOffer();
  const phases: readonly (readonly [Transfer, boolean])[] = [
    [{ ...base, phase: 'preparing' }, true],
    [{ ...base, phase: 'connecting' }, true],
    [{ ...base, phase: 'waiting' }, true],
    [{ ...base, phase: 'finishing' }, true],
    [
      {
        ...base,
        phase: 'interrupted',
        bytes: 5,
        failure: { code: 'PEER_GONE', details: {} },
      },
      true,
    ],
    [{ ...base, phase: 'offered', plan: null }, false],
    [{ ...base, phase: 'declined', finishedAtMs: 1 }, false],
    [
      {
        ...base,
        phase: 'delivered',
        finishedAtMs: 1,
        hash: null,
        verified: false,
        sentBytes: 1,
        failed: NO_PROBLEMS,
        hasReceipt: false,
        check: null,
      },
      false,
    ],
  ];

  test.each(
    phases.map(([transfer, isInTheWay]) => [transfer.phase, isInTheWay, transfer] as const),
  )('when %s: %s', (_phase, isInTheWay, transfer) => {
    expect(isBusy(aSnapshot({ transfers: [transfer] }))).toBe(isInTheWay);
  });
});
