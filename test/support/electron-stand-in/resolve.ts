import type { InitializeHook, ResolveHook } from 'node:module';

let electron = '';

export const initialize: InitializeHook<{ readonly electron: string }> = (data) => {
  electron = data.electron;
};

export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === 'electron' ? { url: electron, shortCircuit: true } : next(specifier, context);
