import { resolve } from 'node:path';
import { check } from './setup/check.js';

/** `npm run check`: exit 1 when a step failed. */
const root = resolve(import.meta.dirname, '..');
const failed = await check(root, (text) => process.stdout.write(text));
for (const step of failed) console.error(`Failed: npm run ${step}`);
process.exitCode = failed.length === 0 ? 0 : 1;
