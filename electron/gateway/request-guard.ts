import type { IncomingHttpHeaders } from 'node:http';

/**
 * Which requests come from our own page, judged by what a browser says about them and a page cannot
 * change. A name that was re-pointed to 127.0.0.1 (DNS rebinding) shows in Host; a page of another
 * site, or of another port of this computer, shows in Origin and Sec-Fetch-Site.
 */
export interface Guard {
  /** The host that the browser spoke to is really this console. */
  isOurHost(headers: IncomingHttpHeaders): boolean;
  /** Nothing says that another page has caused the request. */
  isOwnOrTyped(headers: IncomingHttpHeaders): boolean;
  /** A person has opened the address, on whatever page it stood: no picture, frame or script asks. */
  isOpened(headers: IncomingHttpHeaders): boolean;
  /** The origin of our page, which the upgrade to a WebSocket must name; null where it does not. */
  pageOrigin(headers: IncomingHttpHeaders): string | null;
}

export function createGuard(port: number): Guard {
  // URL leaves out port 80, as browsers do
  const hosts: readonly string[] = ['127.0.0.1', 'localhost'].map(
    (name) => new URL(`http://${name}:${String(port)}`).host,
  );
  const isOurHost = ({ host }: IncomingHttpHeaders): boolean =>
    host !== undefined && hosts.includes(host);
  const isOwnOrTyped = (headers: IncomingHttpHeaders): boolean => {
    const { origin, host, 'sec-fetch-site': site } = headers;
    if (origin !== undefined && origin !== `http://${String(host)}`) return false;
    return site === undefined || site === 'same-origin' || site === 'none';
  };
  return {
    isOurHost,
    isOwnOrTyped,
    isOpened: ({ 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination }) =>
      site === undefined || (mode === 'navigate' && destination === 'document'),
    pageOrigin: (headers) =>
      headers.origin !== undefined && isOurHost(headers) && isOwnOrTyped(headers)
        ? headers.origin
        : null,
  };
}
