import type { AcceptPolicy } from '../../shared/model/settings.ts';
import type { Transfer } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { answerOnly } from './answer-only.ts';
import { askCodes, createQuestions } from './ask-codes.ts';
import { askOffers } from './ask.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXISTING_OPTION } from './existing-option.ts';
import type { ExistingOption } from './existing-option.ts';
import type { Interruption } from './interruption.ts';
import type { CommonOptions } from './launch.ts';
import { startEngine } from './launch.ts';
import { watchNotices } from './notices.ts';
import type { Output } from './output.ts';
import { sayText } from './texts.ts';
import { watchTransfers } from './watch.ts';
import { printable, word } from './words.ts';

export interface ReceiveOptions extends CommonOptions {
  readonly dir?: string;
  readonly name?: string;
  readonly port?: number;
  readonly accept?: AcceptPolicy;
  readonly existing?: ExistingOption;
  readonly only?: readonly string[];
  readonly fromAnywhere?: boolean;
  readonly count?: number;
  readonly plain?: boolean;
}

/** Waits for transfers and stays up whatever comes; ends after `count` deliveries, or when told to. */
export async function receive(
  options: ReceiveOptions,
  output: Output,
  interruption: Interruption,
): Promise<ExitCode> {
  const accept = options.accept ?? 'ask';
  const chosen = options.existing === undefined ? null : EXISTING_OPTION[options.existing];
  const questions = createQuestions(output);
  const engine = await startEngine(options, {
    pairs: questions !== null,
    listen: options.plain === true ? 'plain' : 'tls',
    directory: options.dir ?? null,
    deviceName: options.name ?? null,
    port: options.port ?? null,
    // what is named is looked for in each offer before it is answered
    accept: options.only ? 'ask' : accept,
    existing: chosen,
    reachableFrom: options.fromAnywhere === true ? 'anywhere' : null,
    // where nobody is asked every offer is told, and a no is not a person's
    ...(process.stdin.isTTY ? {} : { declineBackOffMs: 0 }),
    discovery: options.discovery && options.plain !== true,
  });
  sayListening(engine, options, output);
  const notices = watchNotices(engine, output);
  const existing = chosen ?? engine.snapshot().settings.existing;
  const asking = options.only
    ? answerOnly(engine, output, { patterns: options.only, accept })
    : askOffers(engine, output, { accept, existing, questions });
  const codes = questions && askCodes(engine, output, questions);
  let deliveries = 0;
  let onEnough: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => {
    onEnough = resolve;
  });
  const received = async (transfer: Transfer): Promise<void> => {
    if (transfer.phase !== 'delivered' || transfer.failed.count > 0) return;
    // whoever waits for one delivery wants to read it, too
    await sayText(engine, transfer, output);
    if (transfer.content !== undefined) questions?.sayAgain();
    if (++deliveries === options.count) onEnough();
  };
  const watch = watchTransfers({
    engine,
    output,
    saysOffers: !asking.saysOffers,
    onChange: (transfer) => {
      asking.onChange(transfer);
      void received(transfer);
    },
    onPlan: (transfer) => {
      asking.onPlan(transfer);
    },
  });
  const ended = await Promise.race([
    enough.then(() => EXIT.delivered),
    interruption.signal.then(() => EXIT.interrupted),
    notices.broken.then((failure) => {
      output.fail(failure, null);
      return exitCodeOf(failure.code);
    }),
  ]);
  asking.stop();
  codes?.stop();
  questions?.stop();
  await engine.stop();
  watch.stop();
  notices.stop();
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
