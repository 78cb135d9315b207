import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Tests run the built workers and the built command: without them every one would fail in its own way. */
export default function mustBeBuilt() {
  const entry = resolve(import.meta.dirname, '../../out/main/dropline.js');
  if (existsSync(entry)) return;
  const error = new Error('out/main is missing: run `npm run build` first.');
  error.stack = error.message;
  throw error;
}
