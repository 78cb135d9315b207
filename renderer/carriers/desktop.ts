import type { Answer, DesktopApi, Selection } from '../../shared/contract.ts';
import type { Bridge, Staged } from '../bridge.ts';

/** The bridge of the desktop window: preload's functions, and nothing in between. */
export function desktopBridge(api: DesktopApi<File>): Bridge {
  return {
    face: 'desktop',
    call: (name, input) => api.call(name, input),
    subscribe: (listener) => api.subscribe(listener),
    link: () => 'open',
    subscribeLink: () => () => undefined,
    stageDrop: async (data) => staged(await api.stageFiles([...data.files])),
    stagePaste: async (files) => staged(await api.stagePasted(files)),
    pick: async (kind) => {
      const answer = await api.pick(kind);
      return answer.ok && answer.value === null ? { ok: true, value: null } : staged(answer);
    },
    release: () => undefined,
    folders: { by: 'dialog', choose: () => api.chooseFolder() },
    onAsked: (listener) => api.onAsked(listener),
  };
}

function staged(answer: Answer<Selection | null>): Answer<Staged> {
  if (!answer.ok) return answer;
  if (answer.value === null)
    return { ok: false, failure: { code: 'NOTHING_TO_SEND', details: {} } };
  return { ok: true, value: { selection: answer.value, caveats: [] } };
}
