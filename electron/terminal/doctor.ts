import { setTimeout } from 'node:timers/promises';
import { toFailure } from '../../shared/errors.ts';
import type { Finding } from '../../shared/model/diagnosis.ts';
import { placesOf } from '../../shared/model/peer.ts';
import { findingWords } from '../../shared/text/finding-words.ts';
import type { Engine } from '../engine/engine.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import type { CommonOptions } from './launch.ts';
import { startEngine } from './launch.ts';
import type { Output } from './output.ts';
import { printable, word } from './words.ts';

export interface DoctorOptions extends CommonOptions {
  readonly wait: number;
}

const MARKS = { good: '+', note: '?', bad: '!' } as const;

/** Says what may keep devices from seeing and reaching each other. */
export async function doctor(
  who: string | undefined,
  options: DoctorOptions,
  output: Output,
  interruption: Interruption,
): Promise<ExitCode> {
  const engine = await startEngine(options, { listen: 'none' });
  try {
    const waitMs = options.wait * 1000;
    const listening = Promise.race([setTimeout(waitMs), interruption.signal]);
    const address = who === undefined ? null : await addressOf(engine, who, waitMs);
    await listening;
    const findings = await engine.commands.examine({ address });
    for (const finding of findings) say(finding, output);
    return findings.some(({ level }) => level === 'bad') ? EXIT.other : EXIT.delivered;
  } finally {
    await engine.stop();
  }
}

/** A device is called where it was found; what is no device is an address. */
async function addressOf(engine: Engine, who: string, waitMs: number): Promise<string> {
  try {
    const target = await engine.findTarget(who, waitMs);
    if (target.kind === 'address') return who;
    const peer = engine.snapshot().peers.find(({ key }) => key === target.key);
    const [place] = peer ? placesOf(peer) : [];
    if (!place) return who;
    const host = place.address.includes(':') ? `[${place.address}]` : place.address;
    return `${host}:${place.port}`;
  } catch (error) {
    // a name that nobody has is a finding, too
    if (toFailure(error).code === 'PEER_NOT_FOUND') return who;
    throw error;
  }
}

function say(finding: Finding, output: Output): void {
  const { code, level, details } = finding;
  const { happened, next } = findingWords(finding, word, printable);
  output.event({ event: 'finding', code, level, ...details });
  output.line(`${MARKS[level]} ${happened}`);
  if (next !== null) output.line(`  ${next}`);
}
