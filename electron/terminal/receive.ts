import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { askOffers } from './ask.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CommonOptions } from './launch.ts';
import { interrupted, startEngine } from './launch.ts';
import type { Output } from './output.ts';
import { watchTransfers } from './watch.ts';
import { printable, word } from './words.ts';

export interface ReceiveOptions extends CommonOptions {
  readonly dir?: string;
  readonly name?: string;
  readonly port?: number;
  readonly accept?: AcceptPolicy;
  readonly count?: number;
  readonly plain?: boolean;
}

/** Waits for transfers and stays up whatever comes; ends after `count` deliveries, or when told to. */
export async function receive(options: ReceiveOptions, output: Output): Promise<ExitCode> {
  const engine = await startEngine(options, {
    listen: options.plain === true ? 'plain' : 'tls',
    directory: options.dir ?? null,
    deviceName: options.name ?? null,
    port: options.port ?? null,
    accept: options.accept ?? 'ask',
    discovery: options.discovery && options.plain !== true,
  });
  const signals = interrupted();
  const asking = askOffers(engine, output, options.accept ?? 'ask');
  sayListening(engine, options, output);
  let deliveries = 0;
  let onEnough: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => {
    onEnough = resolve;
  });
  const watch = watchTransfers(engine, output, (transfer: Transfer) => {
    if (transfer.direction !== 'receive') return;
    asking.onChange(transfer);
    if (transfer.phase === 'delivered' && ++deliveries === options.count) onEnough();
  });
  const ended = await Promise.race([
    enough.then(() => EXIT.delivered),
    signals.signal.then(() => EXIT.interrupted),
  ]);
  asking.stop();
  await engine.stop();
  watch.stop();
  signals.stop();
  return ended;
}

function sayListening(engine: Engine, options: ReceiveOptions, output: Output): void {
  const { self } = engine.snapshot();
  const { host, port, id } = self;
  const mode = options.plain === true ? 'plain' : 'tls';
  const directory = self.directory;
  output.event({ event: 'listening', host, port, peerId: id, name: self.name, mode, directory });
  output.line(
    word('terminal.listening', {
      name: printable(self.name),
      port: port ?? 0,
      directory: printable(directory),
    }),
  );
  output.line(word(mode === 'plain' ? 'terminal.plainMode' : 'terminal.identity', { id }));
}
