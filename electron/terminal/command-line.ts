import { CommanderError } from 'commander';
import { toFailure } from '../../shared/errors.ts';
import { loadSpeech } from '../../shared/text/speech.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { listenForInterruption } from './interruption.ts';
import { commandTongue } from './language.ts';
import { createOutput } from './output.ts';
import type { Run } from './program.ts';
import { createProgram } from './program.ts';
import { UsageError, usageErrorOf } from './usage.ts';
import { speak } from './words.ts';

let exitCode: ExitCode = EXIT.delivered;

// the line may be one that cannot be read, and that too is said in the form that was asked for
const output = createOutput(process.argv.includes('--json'));
const interruption = listenForInterruption();

/** Runs a command and turns whatever it throws into one line and an exit code. */
const run: Run = async (start) => {
  try {
    exitCode = await start(output, interruption);
  } catch (error) {
    if (error instanceof UsageError) {
      sayWrongUsage(error);
      return;
    }
    const failure = toFailure(error);
    output.fail(failure, null);
    exitCode = exitCodeOf(failure.code);
  }
};

function sayWrongUsage({ message }: UsageError): void {
  output.event({ event: 'failed', code: 'WRONG_USAGE', message });
  output.warn(message);
  exitCode = EXIT.usage;
}

/** Runs what the line says. */
export async function runLine(): Promise<void> {
  speak(await loadSpeech(await commandTongue(process.argv.slice(2), process.env)));
  try {
    await createProgram(run).parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const wrong = usageErrorOf(error);
    if (wrong) sayWrongUsage(wrong);
  }
  interruption.stop();
  process.exitCode = exitCode;
}
