import { mustRunEverything } from './setup/system.js';
import { tally, tallyLine, whyNotGood } from './setup/tally.js';

/** `node build/tally.js REPORT EXIT_CODE`: the last words of .ci/run. */
const [folder = '', exitCode = '1'] = process.argv.slice(2);
const counts = tally(folder, Number(exitCode));
for (const test of counts.shaky) console.error(`Needed a second try: ${test}`);
for (const failure of counts.failures) console.error(`Failed: ${failure}`);
for (const file of counts.unfinished) console.error(`Did not end: ${file}`);
const reason = whyNotGood(counts, mustRunEverything());
if (reason !== null) console.error(`Not good: ${reason}.`);
console.log(tallyLine(counts));
process.exitCode = reason === null ? 0 : 1;
