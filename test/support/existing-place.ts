import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { ExistingChoice } from '../../shared/model/plan.ts';
import type { TestReceiver, TestSender } from './transfer-pair.ts';
import { Bench } from './transfer-pair.ts';
import { leftovers } from './trees.ts';

/** A folder in which there is something already, and one side that sends into it. */

export let bench: Bench;
export let sender: TestSender;
export let receiver: TestReceiver;

/** New ends for each test, and nothing staged is left by any. */
export function usePlace(): void {
  beforeEach(async () => {
    bench = new Bench();
    [sender, receiver] = await Promise.all([bench.sender(), bench.receiver()]);
    receiver.accepts = false;
  });
  afterEach(async () => {
    await bench.stop();
    const staged = leftovers(receiver.directory).filter((name) => !isKept(name));
    expect(staged).toEqual([]);
    await bench.remove();
  });
}

const isKept = (name: string): boolean => name.startsWith('.dropline-undo-');
export const here = (...path: string[]): string => join(receiver.directory, ...path);
export const kept = (): string[] => leftovers(receiver.directory).filter((name) => isKept(name));
export const visible = (): string[] =>
  readdirSync(receiver.directory)
    .filter((name) => !name.startsWith('.'))
    .sort();

export async function deliver(
  paths: readonly string[],
  forAll: ExistingChoice,
  items: Record<string, ExistingChoice> = {},
) {
  const id = await sender.send(paths, receiver.port);
  await receiver.event('offered', id);
  await receiver.accept(id, receiver.directory, { forAll, items });
  const [sent] = await Promise.all([
    sender.outcome('delivered', id),
    receiver.outcome('delivered', id),
  ]);
  const { existing } = await receiver.event('ended', id);
  return { id, sent, ...existing! };
}

export async function startAgain(): Promise<void> {
  await receiver.stop();
  const { identity, directory, home } = receiver;
  receiver = await bench.receiver({ identity, place: { directory, home } });
  receiver.accepts = false;
}
