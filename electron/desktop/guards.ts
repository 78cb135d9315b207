import type { Session, WebContents } from 'electron';
import { app } from 'electron';
import { navPolicy, permissionPolicy } from './policy.ts';

/** Puts the policies on every page that this process will ever have, before the first one exists. */
export function guardPages(): void {
  app.on('web-contents-created', (_event, contents) => {
    guardContents(contents);
  });
}

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, respond) => {
    respond(permissionPolicy(permission));
  });
  session.setPermissionCheckHandler((_contents, permission) => permissionPolicy(permission));
  session.setDevicePermissionHandler(() => false);
}

function guardContents(contents: WebContents): void {
  const stay = (event: { readonly url: string; preventDefault(): void }) => {
    if (navPolicy(event.url) === 'deny') event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
