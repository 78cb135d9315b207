import { setTimeout } from 'node:timers/promises';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import type { CommonOptions } from './launch.ts';
import { startEngine } from './launch.ts';
import { watchNotices } from './notices.ts';
import type { Output } from './output.ts';
import { printable, word } from './words.ts';

export interface PeersOptions extends CommonOptions {
  readonly wait: number;
}

/** Looks around and lists who is there. */
export async function peers(
  options: PeersOptions,
  output: Output,
  interruption: Interruption,
): Promise<ExitCode> {
  const engine = await startEngine(options, { listen: 'none' });
  const notices = watchNotices(engine, output);
  const abort = new AbortController();
  const waiting = setTimeout(options.wait * 1000, EXIT.delivered, { signal: abort.signal });
  const ended = await Promise.race([
    waiting.catch(() => EXIT.delivered),
    interruption.signal.then(() => EXIT.interrupted),
  ]);
  abort.abort();
  const { peers: found, self } = engine.snapshot();
  for (const { name, id, addresses, port, platform } of found) {
    output.event({ event: 'peer', name, peerId: id, addresses, port, platform });
    const [address = ''] = addresses;
    const shown = address.includes(':') ? `[${address}]` : address;
    output.line(`${printable(name)}\t${shown}:${port}\t${id ?? ''}`);
  }
  if (found.length === 0) output.warn(word('terminal.noPeers'));
  await engine.stop();
  notices.stop();
  return ended === EXIT.delivered && self.discovery === 'failed' ? EXIT.other : ended;
}
