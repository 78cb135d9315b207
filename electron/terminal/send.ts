import { DroplineError, toFailure } from '../../shared/errors.ts';
import type { PeerId, Target } from '../../shared/model/peer.ts';
import { isPeerId } from '../../shared/model/peer.ts';
import type { Transfer, TransferId } from '../../shared/model/transfer.ts';
import { isFinished } from '../../shared/model/transfer.ts';
import type { Engine } from '../engine/engine.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CommonOptions } from './launch.ts';
import { interrupted, startEngine } from './launch.ts';
import type { Output } from './output.ts';
import { UsageError } from './usage.ts';
import { watchTransfers } from './watch.ts';
import { printable, word } from './words.ts';

/** How long a device of that name may take to appear. */
const APPEAR_MS = 10_000;

export interface SendOptions extends CommonOptions {
  readonly to: string;
  readonly peerId?: string;
  readonly plain?: boolean;
}

/** Sends once and says how it ended. */
export async function send(
  paths: readonly string[],
  options: SendOptions,
  output: Output,
): Promise<ExitCode> {
  checkUsage(options);
  const signals = interrupted();
  const engine = await startEngine(options, { listen: 'none' });
  const ended = new Ending();
  const watch = watchTransfers(engine, output, (transfer) => {
    ended.onChange(transfer);
  });
  try {
    const sending = sendAll(engine, paths, options);
    sending.catch(() => undefined); // told below, unless a signal came first
    const started = await Promise.race([sending, signals.signal]);
    if (!started) return EXIT.interrupted;
    await Promise.race([ended.of(started), signals.signal]);
    await engine.stop();
    return worst(engine, started);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    output.fail(toFailure(error), null);
    return exitCodeFor({ phase: 'failed', failure: toFailure(error) } as Transfer);
  } finally {
    await engine.stop();
    watch.stop();
    signals.stop();
  }
}

function checkUsage({ peerId, plain }: SendOptions): void {
  if (peerId !== undefined && !isPeerId(peerId.toLowerCase())) {
    throw new UsageError(word('terminal.badPeerId'));
  }
  if (plain === true && peerId !== undefined) {
    throw new UsageError(word('terminal.plainWithPeerId'));
  }
}

async function sendAll(
  engine: Engine,
  paths: readonly string[],
  options: SendOptions,
): Promise<readonly TransferId[]> {
  // what is wrong with the paths is said before anybody is looked for
  const selection = await engine.stagePaths(paths);
  const folder = selection.items.find((item) => item.kind === 'folder');
  if (options.plain === true && folder) {
    throw new UsageError(word('terminal.plainFolder', { name: printable(folder.name) }));
  }
  const found = await engine.findTarget(options.to, APPEAR_MS);
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

function worst(engine: Engine, transferIds: readonly TransferId[]): ExitCode {
  const codes = engine
    .snapshot()
    .transfers.filter((t) => transferIds.includes(t.id))
    .map(exitCodeFor);
  return codes.find((code) => code !== EXIT.delivered) ?? EXIT.delivered;
}
