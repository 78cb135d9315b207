import { resolve } from 'node:path';
import { writeFileManagers } from './packaging/file-managers.js';
import { stampBuild } from './setup/built.js';
import { linkCommand } from './setup/link-command.js';

/** The last step of `npm run build`: the command can be run, and the build says what it was made of. */
const root = resolve(import.meta.dirname, '..');
linkCommand(root);
writeFileManagers(root);
stampBuild(root);
