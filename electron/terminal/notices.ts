import type { Failure } from '../../shared/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { Output } from './output.ts';
import { failureLine } from './words.ts';

export interface NoticeWatch {
  /** Resolves when a part of the engine has died: nothing more would ever happen. */
  readonly broken: Promise<Failure>;
  stop(): void;
}

/** Says what concerns the whole engine and no single transfer, each once. */
export function watchNotices(engine: Engine, output: Output): NoticeWatch {
  const said = new Set<string>();
  let onBroken: (failure: Failure) => void = () => undefined;
  const broken = new Promise<Failure>((resolve) => {
    onBroken = resolve;
  });
  const look = (): void => {
    for (const { id, failure } of engine.snapshot().notices) {
      if (said.has(id)) continue;
      said.add(id);
      if (failure.code === 'INTERNAL') {
        onBroken(failure);
        continue;
      }
      const message = failureLine(failure);
      output.event({ event: 'notice', code: failure.code, message });
      output.warn(message);
    }
  };
  const unsubscribe = engine.subscribe(look);
  look();
  return { broken, stop: unsubscribe };
}
