#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { toFailure } from '../../shared/errors.ts';
import type { ConsoleOptions } from './console-command.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';
import { createOutput } from './output.ts';
import type { PeersOptions } from './peers.ts';
import type { ReceiveOptions } from './receive.ts';
import type { SendOptions } from './send.ts';
import { UsageError, wholeNumber } from './usage.ts';
import { word } from './words.ts';

// fsync waits in this pool: many files may wait for the disk at once. It counts before first use only.
process.env['UV_THREADPOOL_SIZE'] ??= '16';

const MAX_PORT = 65_535;
const MAX_COUNT = 1_000_000;
const MAX_WAIT_SECONDS = 3_600;

let exitCode: ExitCode = EXIT.delivered;

/** Runs a command and turns whatever it throws into one line and an exit code. */
function running<O extends { readonly json?: boolean }>(
  run: (options: O, output: Output, args: readonly string[]) => Promise<ExitCode>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<O>();
    const output = createOutput(options.json === true);
    try {
      exitCode = await run(options, output, command.args);
    } catch (error) {
      if (error instanceof UsageError) {
        output.event({ event: 'failed', code: 'WRONG_USAGE', message: error.message });
        output.warn(error.message);
        exitCode = EXIT.usage;
        return;
      }
      const failure = toFailure(error);
      output.fail(failure, null);
      exitCode = exitCodeOf(failure.code);
    }
  };
}

function createProgram(): Command {
  const program = new Command('dropline')
    .description(word('terminal.programDescription'))
    .option('--home <DIR>', word('terminal.optionHome'))
    .option('--interface <NAME|ADDRESS>', word('terminal.optionInterface'))
    .option('--no-discovery', word('terminal.optionNoDiscovery'))
    .version(__VERSION__)
    .exitOverride();
  const json = (): Option => new Option('--json', word('terminal.optionJson'));
  const port = wholeNumber(0, MAX_PORT);

  program
    .command('receive')
    .description(word('terminal.receiveDescription'))
    .option('--dir <D>', word('terminal.optionDir'))
    .option('--name <N>', word('terminal.optionName'))
    .option('--port <P>', word('terminal.optionPort'), port)
    .addOption(
      new Option('--accept <WHO>', word('terminal.optionAccept'))
        .choices(['ask', 'all', 'paired'])
        .default('ask'),
    )
    .option('--count <K>', word('terminal.optionCount'), wholeNumber(1, MAX_COUNT))
    .option('--plain', word('terminal.optionPlainReceive'))
    .addOption(json())
    .action(
      running<ReceiveOptions>(async (options, output) =>
        (await import('./receive.ts')).receive(options, output),
      ),
    );
  program
    .command('send')
    .description(word('terminal.sendDescription'))
    .argument('<PATH...>', word('terminal.argumentPaths'))
    .requiredOption('--to <NAME|HOST[:PORT]>', word('terminal.optionTo'))
    .option('--peer-id <ID>', word('terminal.optionPeerId'))
    .option('--plain', word('terminal.optionPlainSend'))
    .addOption(json())
    .action(
      running<SendOptions>(async (options, output, paths) =>
        (await import('./send.ts')).send(paths, options, output),
      ),
    );
  program
    .command('peers')
    .description(word('terminal.peersDescription'))
    .option('--wait <SECONDS>', word('terminal.optionWait'), wholeNumber(0, MAX_WAIT_SECONDS), 3)
    .addOption(json())
    .action(
      running<PeersOptions>(async (options, output) =>
        (await import('./peers.ts')).peers(options, output),
      ),
    );
  program
    .command('console')
    .description(word('terminal.consoleDescription'))
    .option('--dir <D>', word('terminal.optionDir'))
    .option('--name <N>', word('terminal.optionName'))
    .option('--port <P>', word('terminal.optionPort'), port)
    .option('--console-port <P>', word('terminal.optionConsolePort'), port, 0)
    .addOption(json())
    .action(
      running<ConsoleOptions>(async (options, output) =>
        (await import('./console-command.ts')).showConsole(options, output),
      ),
    );
  program
    .command('demo')
    .description(word('terminal.demoDescription'))
    .option('--windows', word('terminal.optionWindows'))
    .action(
      running<{ readonly windows?: boolean; readonly json?: boolean }>(async (options, output) =>
        (await import('./demo.ts')).demo(options.windows === true, output),
      ),
    );
  return program;
}

try {
  await createProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // commander has said what is wrong; asking for help or the version is not wrong
  exitCode = error.exitCode === 0 ? EXIT.delivered : EXIT.usage;
}
process.exitCode = exitCode;
