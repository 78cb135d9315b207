import type { Mutant } from './mutant.ts';

/** Seeded bugs that would open the window, the console or the log to what does not belong there. */

const ACCESS = 'electron/gateway/access.ts';
const GUARD = 'electron/gateway/request-guard.ts';
const SERVER = 'electron/gateway/server.ts';
const POLICY = 'electron/desktop/policy.ts';
const CONSOLE = ['test/gateway/server.test.ts', 'test/gateway/console.test.ts'];
const WINDOW = ['test/desktop/policy.test.ts'];

export const FACES: readonly Mutant[] = [
  {
    name: 'a console without a look at the token',
    file: ACCESS,
    find: 'a.length === b.length && timingSafeEqual(a, b)',
    replace: 'a.length >= 0 && timingSafeEqual(a, a)',
    tests: CONSOLE,
  },
  {
    name: 'a link that opens again and again',
    file: ACCESS,
    find: 'isSpent = true;',
    replace: 'isSpent = false;',
    tests: ['test/gateway/link.test.ts'],
  },
  {
    name: 'a link that can be guessed at',
    file: ACCESS,
    find: 'if (wrongTokens % MAX_WRONG_TOKENS === 0) lockedUntilMs = nowMs() + LOCKED_MS;',
    replace: '',
    tests: ['test/gateway/link.test.ts'],
  },
  {
    name: 'a console for any Host',
    file: SERVER,
    find: 'if (!door.guard.isOurHost(headers)) return FORBIDDEN;',
    replace: '',
    tests: CONSOLE,
  },
  {
    name: 'a console for other pages of the browser',
    file: GUARD,
    find: 'if (origin !== undefined && origin !== `http://${String(host)}`) return false;\n    return site',
    replace: 'void [origin, host];\n    return true || site',
    tests: CONSOLE,
  },
  {
    name: 'a socket for whoever asks',
    file: SERVER,
    find: 'return door.access.isKnown(request.headers.cookie)\n    ?',
    replace: 'return door.access.isKnown(request.headers.cookie) || true\n    ?',
    tests: ['test/gateway/console.test.ts'],
  },
  {
    name: 'a socket for pages of other sites',
    file: GUARD,
    find: 'headers.origin !== undefined && isOurHost(headers) && isOwnOrTyped(headers)',
    replace: 'headers.origin !== undefined && isOurHost(headers)',
    tests: ['test/gateway/console.test.ts'],
  },
  {
    name: 'a cookie that scripts can read',
    file: ACCESS,
    find: 'HttpOnly; SameSite=Strict',
    replace: 'SameSite=Strict',
    tests: CONSOLE,
  },
  {
    name: 'a console for other users of the computer',
    file: 'electron/gateway/callers.ts',
    find: 'return uid === ownUid || uid === ROOT;',
    replace: 'return uid >= ROOT;',
    tests: ['test/gateway/callers.test.ts'],
  },
  {
    name: 'a request from any frame',
    file: 'electron/desktop/requests.ts',
    find: 'if (!isTrustedSender(sender, mainFrame)) {',
    replace: 'if (!isTrustedSender(sender, mainFrame) && channel === null) {',
    tests: ['test/desktop/requests.test.ts'],
  },
  {
    name: 'a request of our frame while another page is in it',
    file: POLICY,
    find: 'sender.origin === PAGE_ORIGIN',
    replace: "sender.origin !== ''",
    tests: WINDOW,
  },
  {
    name: 'a page that names paths',
    file: 'electron/desktop/requests.ts',
    find: '.refine(isAbsolute).refine(hasNoNul)',
    replace: '',
    tests: ['test/desktop/requests.test.ts'],
  },
  {
    name: 'a window outside the sandbox',
    file: POLICY,
    find: 'sandbox: true',
    replace: 'sandbox: false',
    tests: WINDOW,
  },
  {
    name: 'a page that runs what is written in it',
    file: POLICY,
    find: "'script-src': \"'self'\"",
    replace: "'script-src': \"'self' 'unsafe-inline'\"",
    tests: WINDOW,
  },
  {
    name: 'a window that goes wherever a link leads',
    file: POLICY,
    find: "ours && pathname === '/'",
    replace: "protocol !== '' && (ours || pathname !== '')",
    tests: WINDOW,
  },
  {
    name: 'a page that leads out of its folder',
    file: 'electron/desktop/page.ts',
    find: 'if (!components.every((component) => COMPONENT.test(component))) return null;',
    replace: 'void COMPONENT;',
    tests: ['test/desktop/page.test.ts'],
  },
  {
    name: 'a name that turns the words around it',
    file: 'renderer/ui/name.tsx',
    find: '<bdi>{shownName(children)}</bdi>',
    replace: '<span>{shownName(children)}</span>',
    tests: ['test/ground/hardening.test.ts'],
  },
  {
    name: 'a name with what steers text in it',
    file: 'renderer/ui/name.tsx',
    find: "name.replace(STEERING, '\\ufffd')",
    replace: "name.replace(STEERING, '$&')",
    tests: ['test/ground/hardening.test.ts'],
  },
  {
    name: 'a device name with what cannot be seen',
    file: 'shared/protocol/device-name.ts',
    find: ".replace(INVISIBLE, '')",
    replace: ".replace(INVISIBLE, '$&')",
    tests: ['test/shared/protocol/device-name.test.ts'],
  },
  {
    name: 'a name that a terminal obeys',
    file: 'electron/terminal/words.ts',
    find: "text.replaceAll(/[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]/gu, '_')",
    replace: "text.replaceAll(/[\\n]/gu, '_')",
    tests: ['test/ground/hardening.test.ts'],
  },
  {
    name: 'a log that names paths',
    file: 'electron/engine/log.ts',
    find: "line.replace(PATHS, '<path>')",
    replace: "line.replace(PATHS, '$&')",
    tests: ['test/engine/quiet-log.test.ts'],
  },
];
