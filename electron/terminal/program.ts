import { Command, Option } from 'commander';
import type { ConsoleOptions } from './console-command.ts';
import type { HistoryOptions } from './history.ts';
import type { ExitCode } from './exit-codes.ts';
import { HELP } from './help.ts';
import { givenPath, givenPaths } from './given-paths.ts';
import type { Interruption } from './interruption.ts';
import type { DemoOptions } from './demo.ts';
import type { DoctorOptions } from './doctor.ts';
import { EXISTING_OPTION } from './existing-option.ts';
import type { CommonOptions } from './launch.ts';
import type { Output } from './output.ts';
import type { PeersOptions } from './peers.ts';
import type { ReceiveOptions } from './receive.ts';
import type { SendOptions } from './send.ts';
import { wholeNumber } from './usage.ts';
import { word } from './words.ts';

const MAX_PORT = 65_535;
const MAX_COUNT = 1_000_000;
const MAX_SECONDS = 3_600;
const WAIT_SECONDS = 3;
const RETRY_SECONDS = 60;
/** More than the history ever holds. */
const MAX_LISTED = 10_000;
const LISTED = 20;

export type Run = (
  start: (output: Output, interruption: Interruption) => Promise<ExitCode>,
) => Promise<void>;

/** Everything that may stand on the line. Options of the program itself may stand anywhere on it. */
export function createProgram(run: Run): Command {
  const program = new Command('dropline')
    .description(word('terminal.programDescription'))
    .option('--home <DIR>', word('terminal.optionHome'), path)
    .option('--interface <NAME|ADDRESS>', word('terminal.optionInterface'))
    .option('--no-discovery', word('terminal.optionNoDiscovery'))
    .option('--json', word('terminal.optionJson'))
    .version(__VERSION__, '-V, --version', word('terminal.help.version'))
    .helpOption('-h, --help', word('terminal.help.help'))
    .helpCommand('help [COMMAND]', word('terminal.help.help'))
    .configureHelp(HELP)
    // what is wrong with the line is thrown, and said by whoever catches it
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  addReceive(program, run);
  addSend(program, run);
  addPeers(program, run);
  addDoctor(program, run);
  addHistory(program, run);
  addVerify(program, run);
  addConsole(program, run);
  addDemo(program, run);
  return program;
}

const port = wholeNumber(0, MAX_PORT);
const path = (typed: string): string => givenPath(typed);

function addReceive(program: Command, run: Run): void {
  const command = program
    .command('receive')
    .description(word('terminal.receiveDescription'))
    .option('--dir <D>', word('terminal.optionDir'), path)
    .option('--name <N>', word('terminal.optionName'))
    .option('--port <P>', word('terminal.optionPort'), port)
    .addOption(
      new Option('--accept <WHO>', word('terminal.optionAccept'))
        .choices(['ask', 'all', 'paired'])
        .default('ask'),
    )
    .addOption(
      new Option('--existing <WHAT>', word('terminal.optionExisting')).choices(
        Object.keys(EXISTING_OPTION),
      ),
    )
    .option('--only <WHAT...>', word('terminal.optionOnly'))
    .option('--from-anywhere', word('terminal.optionFromAnywhere'))
    .option('--count <K>', word('terminal.optionCount'), wholeNumber(1, MAX_COUNT))
    .option('--plain', word('terminal.optionPlainReceive'));
  command.action(() =>
    run(async (output, interruption) => {
      const { receive } = await import('./receive.ts');
      const options = command.optsWithGlobals<ReceiveOptions>();
      return receive(options, output, interruption);
    }),
  );
}

function addSend(program: Command, run: Run): void {
  const seconds = wholeNumber(0, MAX_SECONDS);
  const command = program
    .command('send')
    .description(word('terminal.sendDescription'))
    .argument('[PATH...]', word('terminal.argumentPaths'))
    .requiredOption('--to <NAME|HOST[:PORT]>', word('terminal.optionTo'))
    .option('--text <TEXT>', word('terminal.optionText'))
    .option('--peer-id <ID>', word('terminal.optionPeerId'))
    .option('--retry <SECONDS>', word('terminal.optionRetry'), seconds, RETRY_SECONDS)
    .option('--plain', word('terminal.optionPlainSend'));
  command.action(() =>
    run(async (output, interruption) => {
      const { send } = await import('./send.ts');
      const options = command.optsWithGlobals<SendOptions>();
      return send(givenPaths(command.args), options, output, interruption);
    }),
  );
}

function addPeers(program: Command, run: Run): void {
  const seconds = wholeNumber(0, MAX_SECONDS);
  const command = program
    .command('peers')
    .description(word('terminal.peersDescription'))
    .option('--wait <SECONDS>', word('terminal.optionWait'), seconds, WAIT_SECONDS);
  command.action(() =>
    run(async (output, interruption) => {
      const { peers } = await import('./peers.ts');
      const options = command.optsWithGlobals<PeersOptions>();
      return peers(options, output, interruption);
    }),
  );
}

function addDoctor(program: Command, run: Run): void {
  const command = program
    .command('doctor')
    .description(word('terminal.doctorDescription'))
    .argument('[NAME|HOST[:PORT]]', word('terminal.argumentDoctor'))
    .option(
      '--wait <SECONDS>',
      word('terminal.optionDoctorWait'),
      wholeNumber(1, MAX_SECONDS),
      WAIT_SECONDS,
    );
  command.action(() =>
    run(async (output, interruption) => {
      const { doctor } = await import('./doctor.ts');
      const options = command.optsWithGlobals<DoctorOptions>();
      return doctor(command.args[0], options, output, interruption);
    }),
  );
}

function addHistory(program: Command, run: Run): void {
  const command = program
    .command('history')
    .description(word('terminal.historyDescription'))
    .argument('[TEXT...]', word('terminal.argumentText'))
    .option('--sent', word('terminal.optionSent'))
    .option('--received', word('terminal.optionReceived'))
    .option('--count <N>', word('terminal.optionListed'), wholeNumber(1, MAX_LISTED), LISTED);
  command.action(() =>
    run(async (output) => {
      const { history } = await import('./history.ts');
      return history(command.args, command.optsWithGlobals<HistoryOptions>(), output);
    }),
  );
}

function addVerify(program: Command, run: Run): void {
  const command = program
    .command('verify')
    .description(word('terminal.verifyDescription'))
    .argument('[TEXT...]', word('terminal.argumentText'));
  command.action(() =>
    run(async (output, interruption) => {
      const { verify } = await import('./verify.ts');
      return verify(command.args, command.optsWithGlobals<CommonOptions>(), output, interruption);
    }),
  );
}

function addConsole(program: Command, run: Run): void {
  const command = program
    .command('console')
    .description(word('terminal.consoleDescription'))
    .option('--dir <D>', word('terminal.optionDir'), path)
    .option('--name <N>', word('terminal.optionName'))
    .option('--port <P>', word('terminal.optionPort'), port)
    .option('--console-port <P>', word('terminal.optionConsolePort'), port, 0)
    .option('--other-users', word('terminal.optionOtherUsers'));
  command.action(() =>
    run(async (output, interruption) => {
      const { showConsole } = await import('./console-command.ts');
      const options = command.optsWithGlobals<ConsoleOptions>();
      return showConsole(options, output, interruption);
    }),
  );
}

function addDemo(program: Command, run: Run): void {
  const command = program
    .command('demo')
    .description(word('terminal.demoDescription'))
    .option('--windows', word('terminal.optionWindows'));
  command.action(() =>
    run(async (output, interruption) => {
      const { demo } = await import('./demo.ts');
      const options = command.optsWithGlobals<DemoOptions>();
      return demo(options, output, interruption);
    }),
  );
}
