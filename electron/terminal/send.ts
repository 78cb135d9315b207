import { DroplineError } from '../../shared/errors.ts';
import type { PeerId, Target } from '../../shared/model/peer.ts';
import { isPeerId } from '../../shared/model/peer.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import type { CodeAsking } from './ask-codes.ts';
import { askCodes, createQuestions } from './ask-codes.ts';
import { EXIT, exitCodeForAll } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Interruption } from './interruption.ts';
import type { CommonOptions } from './launch.ts';
import { startEngine } from './launch.ts';
import { watchNotices } from './notices.ts';
import type { Output } from './output.ts';
import { givenText } from './texts.ts';
import { UsageError } from './usage.ts';
import { watchTransfers } from './watch.ts';
import { printable, word } from './words.ts';

/** How long a device of that name may take to appear. */
const APPEAR_MS = 10_000;
const SEARCH_SHOWN_AFTER_MS = 300;
const MAX_PORT = 65_535;
/** What is small has arrived before there is a code. Another device may never answer. */
const CODE_KNOWN_MS = 5_000;
/** Who is still comparing codes when all has arrived is not cut off at once. */
const CODE_WAIT_MS = 60_000;

export interface SendOptions extends CommonOptions {
  readonly to: string;
  /** In place of paths; `-`: what comes on standard input. */
  readonly text?: string;
  readonly peerId?: string;
  readonly plain?: boolean;
  /** How long a cut wire is tried again, in seconds. */
  readonly retry: number;
}

/** Sends once and says how it ended. */
export async function send(
  paths: readonly string[],
  options: SendOptions,
  output: Output,
  interruption: Interruption,
): Promise<ExitCode> {
  checkUsage(paths, options);
  // before anything starts: whoever writes it may take their time
  const text = options.text === undefined ? null : await givenText(options.text);
  const questions = options.plain === true ? null : createQuestions(output);
  const engine = await startEngine(options, {
    pairs: questions !== null,
    listen: 'none',
    retryForMs: options.retry * 1000,
    // nobody announces a bare exchange
    discovery: options.discovery && options.plain !== true,
  });
  const ended = new Ending();
  const watch = watchTransfers({
    engine,
    output,
    saysOffers: true,
    onChange: (transfer) => {
      ended.onChange(transfer);
    },
  });
  const notices = watchNotices(engine, output);
  const codes = questions && askCodes(engine, output, questions);
  const broken = notices.broken.then((failure) => {
    throw new DroplineError(failure.code, failure.details);
  });
  try {
    const sending = sendAll(engine, { paths, text }, options, output);
    sending.catch(() => undefined); // told below, unless a signal came first
    const started = await Promise.race([sending, interruption.signal, broken]);
    if (typeof started === 'string') return EXIT.interrupted;
    const why = await Promise.race([ended.of(started), interruption.signal, broken]);
    if (why === 'stop') await cancelAll(engine, started);
    else if (why === undefined) await Promise.race([compared(codes), interruption.signal]);
    await engine.stop();
    const { transfers } = engine.snapshot();
    return exitCodeForAll(transfers.filter(({ id }) => started.includes(id)));
  } finally {
    codes?.stop();
    questions?.stop();
    await engine.stop();
    watch.stop();
    notices.stop();
  }
}

/** The people have compared their codes, or leave it. */
async function compared(codes: CodeAsking | null): Promise<void> {
  if (!codes) return;
  await within(CODE_KNOWN_MS, codes.known());
  await within(CODE_WAIT_MS, codes.over());
}

/** Resolves with it, or when it has taken too long. */
async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, patience]);
  clearTimeout(timer);
}

/** The other side throws away what it has; whoever is only cut off can go on by sending again. */
async function cancelAll(engine: Engine, transferIds: readonly TransferId[]): Promise<void> {
  for (const transferId of transferIds) await engine.commands.cancel({ transferId });
}

function isPort(port: number): boolean {
  return port >= 1 && port <= MAX_PORT;
}

function checkUsage(paths: readonly string[], { to, text, peerId, plain }: SendOptions): void {
  if (paths.length === 0 && text === undefined) throw new UsageError(word('terminal.noPaths'));
  if (paths.length > 0 && text !== undefined) throw new UsageError(word('terminal.textAndPaths'));
  if (text !== undefined && plain === true) throw new UsageError(word('terminal.plainText'));
  const port = /^(?:\[[^\]]*\]|[^\s:]+):(\d+)$/.exec(to)?.[1];
  if (to.trim() === '' || (port !== undefined && !isPort(Number(port)))) {
    throw new UsageError(word('terminal.badAddress', { value: to }));
  }
  if (peerId !== undefined && !isPeerId(peerId.toLowerCase())) {
    throw new UsageError(word('terminal.badPeerId'));
  }
  if (plain === true && peerId !== undefined) {
    throw new UsageError(word('terminal.plainWithPeerId'));
  }
}

async function sendAll(
  engine: Engine,
  { paths, text }: { readonly paths: readonly string[]; readonly text: string | null },
  options: SendOptions,
  output: Output,
): Promise<readonly TransferId[]> {
  // what is wrong with it is said before anybody is looked for
  const selection =
    text === null ? await engine.stagePaths(paths) : await engine.commands.stageText({ text });
  const folder = selection.items.find((item) => item.kind === 'folder');
  if (options.plain === true && folder) {
    throw new UsageError(word('terminal.plainFolder', { name: printable(folder.name) }));
  }
  const found = await find(engine, options.to, output);
  const to = withIdentity(engine, found, options.peerId?.toLowerCase());
  if (options.plain !== true) {
    const { selectionId } = selection;
    return [(await engine.commands.send({ selectionId, to, mode: 'tls' })).transferId];
  }
  const started: TransferId[] = [];
  for (const path of paths) {
    const { selectionId } = await engine.stagePaths([path]);
    started.push((await engine.commands.send({ selectionId, to, mode: 'plain' })).transferId);
  }
  return started;
}

/** A search that takes time is told of; an address needs none. */
async function find(engine: Engine, to: string, output: Output): Promise<Target> {
  const timer = setTimeout(() => {
    output.line(word('terminal.looking', { name: printable(to) }));
  }, SEARCH_SHOWN_AFTER_MS);
  try {
    return await engine.findTarget(to, APPEAR_MS);
  } finally {
    clearTimeout(timer);
  }
}

/** Another identity than the one demanded is never sent to, whatever its name. */
function withIdentity(engine: Engine, target: Target, peerId: string | undefined): Target {
  if (peerId === undefined) return target;
  const expectedPeerId = peerId as PeerId;
  if (target.kind === 'address') return { ...target, expectedPeerId };
  const peer = engine.snapshot().peers.find((p) => p.key === target.key);
  if (peer?.id !== expectedPeerId) {
    throw new DroplineError('IDENTITY_MISMATCH', {
      expected: expectedPeerId,
      found: peer?.id ?? '',
    });
  }
  return target;
}

/** Waits until all of some transfers have ended, some of which may have before they are asked for. */
class Ending {
  readonly #ended = new Set<TransferId>();
  #onChange: () => void = () => undefined;

  onChange(transfer: Transfer): void {
    if (isFinished(transfer)) this.#ended.add(transfer.id);
    this.#onChange();
  }

  of(transferIds: readonly TransferId[]): Promise<void> {
    return new Promise((resolve) => {
      this.#onChange = () => {
        if (transferIds.every((id) => this.#ended.has(id))) resolve();
      };
      this.#onChange();
    });
  }
}
