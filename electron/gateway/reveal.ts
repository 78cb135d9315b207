import { dirname } from 'node:path';
import { launchDetached } from './open-browser.ts';

/** Shows a file or folder in this computer's file manager. No shell: a path is never read as words. */
export async function revealInFileManager(path: string): Promise<void> {
  if (process.platform === 'win32') await launchDetached('explorer.exe', [`/select,${path}`]);
  else if (process.platform === 'darwin') await launchDetached('/usr/bin/open', ['-R', path]);
  else await launchDetached('xdg-open', [dirname(path)]);
}
