import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Contender, Job, Run } from './contender.ts';
import { onLoopback } from './place.ts';
import { Programs } from './programs.ts';
import { runRounds } from './rounds.ts';
import type { Contest } from './rounds.ts';
import { makeFile } from './sources.ts';
import type { Work } from './works.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dropline-bench-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function copy({ source, sink }: Job): Promise<Run> {
  copyFileSync(source, join(sink, basename(source)));
  return { wallMs: 1, cpuSeconds: 1 };
}

const contender = (name: string, more: Partial<Contender> = {}): Contender => {
  return { name, does: '', carries: ['file'], keepsMetadata: false, carry: copy, ...more };
};

function contest(...contenders: readonly Contender[]): Contest {
  const work: Work = {
    id: 'file',
    title: 'one file',
    load: 'file',
    unit: 'MB/s',
    where: 'loopback',
    among: null,
    quick: true,
    probed: true,
    make: (path) => makeFile(path, 10),
  };
  const place = onLoopback(new Programs());
  const counts = { rounds: 2, probes: 2, onDisk: false };
  const ports = { random: () => 0, isStopped: () => false, say: () => undefined };
  return { work, contenders, place, folder, ...ports, ...counts };
}

const stalls = { senderMs: 1, receiverMs: 2, besideSenderMs: 0, besideReceiverMs: 1 };
const fails = () => Promise.reject(new Error('no such luck'));

describe('the rounds', () => {
  it('keep what was measured where a probe fails, and the probes of others', async () => {
    const probe = async () => stalls;
    const contenders = [contender('a', { probe: fails }), contender('b', { probe })];
    const { samples, probes, failures } = await runRounds(contest(...contenders));
    expect(samples).toHaveLength(4);
    expect(probes.map(({ contender: who, round }) => [who, round])).toEqual([
      ['b', 1],
      ['b', 2],
    ]);
    expect(failures).toEqual(['a, file, probe 1: Error: no such luck']);
  });

  it('go on without one that fails', async () => {
    const { samples, failures } = await runRounds(
      contest(contender('a', { carry: fails }), contender('b')),
    );
    expect(samples.map(({ contender: who }) => who)).toEqual(['b', 'b']);
    expect(failures).toEqual(['a, file, round 0: Error: no such luck']);
  });

  it('end with the first failure once the bench is stopped', async () => {
    const carried: string[] = [];
    const carry = (name: string) => () => {
      carried.push(name);
      return fails();
    };
    const both = contest(
      contender('a', { carry: carry('a') }),
      contender('b', { carry: carry('b') }),
    );
    await expect(runRounds({ ...both, isStopped: () => true })).rejects.toThrow('no such luck');
    expect(carried).toHaveLength(1);
  });
});
