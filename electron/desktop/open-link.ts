import { shell } from 'electron';
import { DroplineError } from '../../shared/errors.ts';
import { linkOf } from '../../shared/model/content.ts';

/**
 * The only thing that is handed to the system to open: an address of the web, in the browser. Whatever asks
 * for it, nothing else gets through here. Throws NO_BROWSER.
 */
export async function openLink(href: string): Promise<void> {
  if (linkOf(href)?.href !== href) throw new DroplineError('NO_BROWSER');
  await shell.openExternal(href).catch((cause: unknown) => {
    throw new DroplineError('NO_BROWSER', {}, { cause });
  });
}
