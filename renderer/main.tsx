import './no-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { DesktopApi } from '../shared/contract.ts';
import { App } from './app.tsx';
import type { Bridge } from './bridge.ts';
import { consoleBridge } from './carriers/console.ts';
import { desktopBridge } from './carriers/desktop.ts';
import { chooseFiles } from './carriers/file-input.ts';
import { openWebSocket } from './carriers/socket.ts';
import { createSnapshotStore } from './snapshot.ts';
import { keepFocus } from './ui/focus-keeper.ts';
import './styles/tokens.css';
import './styles/base.css';

declare global {
  interface Window {
    /** Put there by the preload of the desktop window; in a browser there is none. */
    readonly dropline?: DesktopApi<File>;
  }
}

function openBridge(): Bridge {
  if (window.dropline !== undefined) return desktopBridge(window.dropline);
  const url = new URL('/console', location.href);
  url.protocol = 'ws:';
  const bridge = consoleBridge({
    url: url.href,
    open: openWebSocket,
    later: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    chooseFiles,
  });
  window.addEventListener('beforeunload', (event) => {
    // The files that are being sent are in this page: without it they cannot be read.
    if (bridge.isNeeded()) event.preventDefault();
  });
  return bridge;
}

// A file that misses everything that takes one must not replace the page.
for (const kind of ['dragover', 'drop'] as const) {
  document.addEventListener(kind, (event) => event.preventDefault());
}

const place = document.getElementById('window');
if (place === null) throw new Error('index.html has no #window.');
const bridge = openBridge();
keepFocus(place);
createRoot(place).render(
  <StrictMode>
    <App bridge={bridge} store={createSnapshotStore(bridge)} />
  </StrictMode>,
);
