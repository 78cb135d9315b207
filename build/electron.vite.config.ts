import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = resolve(import.meta.dirname, '..');

const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  version: string;
};
const define = { __VERSION__: JSON.stringify(version) };

/**
 * Everything that runs in Node goes flat into out/main: workers are found beside the chunk that starts
 * them. The preload is one CommonJS file, as a sandboxed window demands.
 */
export default defineConfig({
  main: {
    define,
    build: {
      outDir: resolve(root, 'out/main'),
      target: 'node20',
      minify: false,
      sourcemap: true,
      // some hundred files, of which little is used: read one by one they double a thread's start
      externalizeDeps: { exclude: ['zod', 'i18next', 'commander', 'electron-log', 'cli-progress'] },
      rolldownOptions: {
        input: {
          desktop: resolve(root, 'electron/desktop/main.ts'),
          dropline: resolve(root, 'electron/terminal/main.ts'),
          'send-worker': resolve(root, 'electron/engine/transfer/send-worker.ts'),
          'thumbnail-worker': resolve(root, 'electron/engine/transfer/thumbnail-worker.ts'),
          'receive-worker': resolve(root, 'electron/engine/transfer/receive-worker.ts'),
          'discovery-worker': resolve(root, 'electron/engine/discovery/worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(root, 'out/preload'),
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'electron/desktop/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      minify: true,
      // one chunk: it comes from this computer
      chunkSizeWarningLimit: 1_000,
      emptyOutDir: true,
      rolldownOptions: { input: { index: resolve(root, 'renderer/index.html') } },
    },
  },
});
