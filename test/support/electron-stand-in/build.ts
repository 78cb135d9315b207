import { resolve } from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const outDir = resolve(here, '../../../out/electron-stand-in');

/** The stand-in runs in a process of its own, in whatever Node there is: it is built as the program is. */
export async function buildStandIn(): Promise<string> {
  await build({
    root: here,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir,
      ssr: true,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: {
          register: resolve(here, 'register.ts'),
          resolve: resolve(here, 'resolve.ts'),
          electron: resolve(here, 'electron.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  });
  return outDir;
}
