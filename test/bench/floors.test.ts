import { describe, expect, it } from 'vitest';
import { judge } from './floors.ts';
import type { Sample, WorkResult } from './results.ts';

const NAME = 'Dropline (Node 24.0.0)';
const MIB = 1024 * 1024;

function work(samples: readonly Sample[]): WorkResult {
  const names = [...new Set(samples.map(({ contender }) => contender))];
  const contenders = names.map((name) => ({ name, does: '' }));
  const about = { id: 'file', title: '', unit: 'MB/s', bytes: 1e9, files: 1 } as const;
  return { ...about, contenders, samples, probes: [], failures: [] };
}

const sample = (contender: string, wallMs: number, more: Partial<Sample> = {}): Sample => ({
  contender,
  round: 1,
  wallMs,
  cpuSeconds: 1,
  ...more,
});

const verdictsOf = (samples: readonly Sample[]) =>
  judge([work(samples)]).map(({ against, verdict, value }) => [against, verdict, value.median]);

describe('what has to be reached', () => {
  it.each([
    [1000, 'missed'],
    [1500, 'held'],
    [2000, 'aim'],
  ])('is told by the time of a peer: %i ms against 1000', (peerMs, verdict) => {
    const samples = [sample(NAME, 1000), sample('scp aes128-gcm', peerMs)];
    expect(verdictsOf(samples)[0]).toEqual(['scp aes128-gcm', verdict, peerMs / 1000]);
  });

  it.each([
    [0.8, 'missed'],
    [0.75, 'held'],
    [0.5, 'aim'],
  ])('wants less of what costs: %d CPU seconds against 1', (cpuSeconds, verdict) => {
    const own = sample(NAME, 1000, { cpuSeconds });
    const verdicts = verdictsOf([own, sample('scp aes128-gcm', 1500)]);
    expect(verdicts.at(-1)).toEqual(['scp aes128-gcm', verdict, cpuSeconds]);
  });

  it('counts memory from that of an idle engine', () => {
    const memory = {
      idleBytes: 80 * MIB,
      senderPeakBytes: 112 * MIB,
      receiverPeakBytes: 145 * MIB,
    };
    expect(verdictsOf([sample(NAME, 1000, { memory })])).toEqual([
      [null, 'aim', 32],
      [null, 'missed', 65],
    ]);
  });

  it('is asked of every Dropline, and of nobody where the peer is not here', () => {
    const two = [sample(NAME, 1000), sample('Dropline (Node 20.0.0)', 2000)];
    expect(judge([work(two)])).toEqual([]);
    const verdicts = judge([work([...two, sample('rsync daemon', 1000)])]);
    expect(verdicts.map(({ contender, value }) => [contender, value.median])).toEqual([
      [NAME, 1],
      ['Dropline (Node 20.0.0)', 0.5],
    ]);
  });
});
