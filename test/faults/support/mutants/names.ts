import type { Mutant } from './mutant.ts';

/** Seeded bugs that would let a name lead somewhere else, or look like something else. */

const RULES = 'shared/protocol/name-rules.ts';
const PATHS = 'shared/protocol/wire-path.ts';
const TRANSFER = 'electron/engine/transfer/';
const PLANNED = ['test/shared/protocol/wire-path.test.ts'];
const DISK = ['test/engine/transfer/links-on-the-way.test.ts'];

export const NAMES: readonly Mutant[] = [
  {
    name: 'look at the last component only',
    file: PATHS,
    find: 'for (const name of parts) {',
    replace: 'for (const name of parts.slice(-1)) {',
    tests: PLANNED,
  },
  {
    name: 'skip folders in the planning of an offer',
    file: PATHS,
    find: 'const problem = nameProblem(name);\n    if (problem !== null) return problem;\n    const own',
    replace:
      "const problem = kind === 'file' ? nameProblem(name) : null;\n    if (problem !== null) return problem;\n    const own",
    tests: PLANNED,
  },
  {
    name: 'save folders under the names that were sent',
    file: PATHS,
    find: 'mappedName(name, this.#platform), kind)',
    replace: "kind === 'file' ? mappedName(name, this.#platform) : name, kind)",
    tests: PLANNED,
  },
  {
    name: 'keep the separator of another system',
    file: RULES,
    find: '[\\\\\\p{Cc}',
    replace: '[\\p{Cc}',
    tests: PLANNED,
  },
  {
    name: 'save what turns a name around',
    file: RULES,
    find: '\\p{Cc}\\p{DI}\\p{Zl}',
    replace: '\\p{Cc}\\p{Zl}',
    tests: PLANNED,
  },
  {
    name: 'save under the names of devices',
    file: RULES,
    find: 'WINDOWS_DEVICE.test(mapped) || ',
    replace: '',
    tests: PLANNED,
  },
  {
    name: 'tell apart what one disk does not',
    file: RULES,
    find: 'if (ASCII.test(name)) return name.toLowerCase();',
    replace: 'if (ASCII.test(name)) return name;',
    tests: PLANNED,
  },
  {
    name: 'give names that only we give',
    file: RULES,
    find: "if (mapped.startsWith('.') && OUR_OWN.test(mapped.replace(JOINERS, ''))) mapped = `_${mapped}`;",
    replace: 'void [OUR_OWN, JOINERS];',
    tests: PLANNED,
  },
  {
    name: 'take a bare name for a path',
    file: 'shared/protocol/plain-name.ts',
    find: 'planPath([name], platform)',
    replace: "planPath(name.split('/'), platform)",
    tests: ['test/shared/protocol/plain.test.ts'],
  },
  {
    name: 'call what came by the bare exchange verified',
    file: `${TRANSFER}plain-receive.ts`,
    find: 'verified: false,',
    replace: 'verified: true,',
    tests: ['test/faults/f25-plain.test.ts'],
  },
  {
    name: 'follow a link in the place of a part file',
    file: `${TRANSFER}part-files.ts`,
    find: 'flags | constants.O_RDWR | NO_FOLLOW, mode',
    replace: 'flags | constants.O_RDWR | (NO_FOLLOW & 0), mode',
    tests: DISK,
  },
  {
    name: 'write into what lies in the place of a part file',
    file: `${TRANSFER}part-files.ts`,
    find: 'isNew ? constants.O_CREAT | constants.O_EXCL : 0',
    replace: 'isNew ? constants.O_CREAT : 0',
    tests: DISK,
  },
  {
    name: 'hidden names that can be guessed',
    file: `${TRANSFER}staging.ts`,
    find: "randomBytes(8).toString('hex')",
    replace: "'0'.repeat(16)",
    tests: DISK,
  },
  {
    name: 'the rules of the system on a stick',
    file: `${TRANSFER}name-platform.ts`,
    find: "WINDOWS_DISKS.has(fs.statfsSync(directory).type) ? 'win' : namePlatform",
    replace: 'WINDOWS_DISKS.has(fs.statfsSync(directory).type) ? namePlatform : namePlatform',
    tests: ['test/engine/transfer/stick.test.ts'],
  },
  {
    name: 'send where a link leads',
    file: `${TRANSFER}scan.ts`,
    find: 'real.startsWith(this.#realRoot) && stat.isFile()',
    replace: 'stat.isFile()',
    tests: ['test/engine/transfer/delivery.test.ts'],
  },
  {
    name: 'send what took a folder’s place',
    file: `${TRANSFER}source.ts`,
    find: 'now.ino === this.#inode &&',
    replace: 'now.ino >= 0n &&',
    tests: ['test/engine/transfer/hostile-offers.test.ts'],
  },
];
