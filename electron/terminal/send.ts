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
  let watch: ReturnType<typeof watchTransfers> | null = null;
  try {
    const sending = sendAll(engine, paths, options);
    sending.catch(() => undefined); // told below, unless a signal came first
    const started = await Promise.race([sending, signals.signal]);
    if (!started) return EXIT.interrupted;
    const ended = untilEnded(started);
    watch = watchTransfers(engine, output, ended.onChange);
    await Promise.race([ended.all, signals.signal]);
    await engine.stop();
    watch.stop();
    return worst(engine, started);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    output.fail(toFailure(error), null);
    return exitCodeFor({ phase: 'failed', failure: toFailure(error) } as Transfer);
  } finally {
    await engine.stop();
    watch?.stop();
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

function untilEnded(transferIds: readonly TransferId[]) {
  const open = new Set(transferIds);
  let onAll: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    onAll = resolve;
  });
  return {
    all,
    onChange: (transfer: Transfer) => {
      if (isFinished(transfer)) open.delete(transfer.id);
      if (open.size === 0) onAll();
    },
  };
}

function worst(engine: Engine, transferIds: readonly TransferId[]): ExitCode {
  const codes = engine
    .snapshot()
    .transfers.filter((t) => transferIds.includes(t.id))
    .map(exitCodeFor);
  return codes.find((code) => code !== EXIT.delivered) ?? EXIT.delivered;
}
