import { resolve } from 'node:path';
import { checkImports } from './setup/imports.js';

/** `npm run imports`: exit 1 when a rule of dependency-cruiser.cjs is broken or a file was not read. */
const { modules, problems } = await checkImports(resolve(import.meta.dirname, '..'));
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`Imports: ${modules} modules, no rule broken.`);
process.exitCode = problems.length === 0 ? 0 : 1;
