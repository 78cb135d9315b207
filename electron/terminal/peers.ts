import { setTimeout } from 'node:timers/promises';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CommonOptions } from './launch.ts';
import { interrupted, startEngine } from './launch.ts';
import type { Output } from './output.ts';
import { printable, word } from './words.ts';

export interface PeersOptions extends CommonOptions {
  readonly wait: number;
}

/** Looks around and lists who is there. */
export async function peers(options: PeersOptions, output: Output): Promise<ExitCode> {
  const engine = await startEngine(options, { listen: 'none' });
  const signals = interrupted();
  const waiting = setTimeout(options.wait * 1000, 'waited' as const);
  const ended = await Promise.race([waiting, signals.signal]);
  const { peers: found, notices } = engine.snapshot();
  for (const { failure } of notices) output.fail(failure, null);
  for (const { name, id, addresses, port, platform } of found) {
    output.event({ event: 'peer', name, peerId: id, addresses, port, platform });
    const [address = ''] = addresses;
    const shown = address.includes(':') ? `[${address}]` : address;
    output.line(`${printable(name)}\t${shown}:${port}\t${id ?? ''}`);
  }
  if (found.length === 0) output.warn(word('terminal.noPeers'));
  await engine.stop();
  signals.stop();
  return ended === 'waited' ? EXIT.delivered : EXIT.interrupted;
}
