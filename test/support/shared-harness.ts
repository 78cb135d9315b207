import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

const ROOT = resolve(import.meta.dirname, '../window/harness');

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the window with a stand-in engine. */
    readonly harness: string;
  }
}

/** Builds test/window/harness, once for all files of a suite. */
export default async function shareHarness(project: TestProject): Promise<() => Promise<void>> {
  const folder = await buildHarness();
  project.provide('harness', folder);
  return () => rm(folder, { recursive: true, force: true });
}

/** Answers the folder of its own that it was put into. */
export async function buildHarness(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'dropline-harness-'));
  await build({
    configFile: false,
    root: ROOT,
    base: './',
    plugins: [react()],
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: 10_000 },
  });
  return outDir;
}
