import { chmodSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stampBuild } from './setup/built.js';

/** The last step of `npm run build`: the command is made runnable, and the build says what it is of. */
const root = resolve(import.meta.dirname, '..');
chmodSync(join(root, 'out/main/dropline.js'), 0o755);
stampBuild(root);
