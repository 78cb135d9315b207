import type { Answer, CommandName, Folder, PageSelection } from '../../shared/contract.ts';
import { failure } from '../../shared/errors.ts';
import { MAX_ITEMS_SHOWN } from '../../shared/model/transfer.ts';
import type { Bridge, Caveat, Staged } from '../bridge.ts';
import { ConsoleLink } from './console-link.ts';
import type { LinkPorts } from './console-link.ts';
import { heldByDrop, heldByInput } from './page-entries.ts';
import type { Held } from './page-entries.ts';
import { PageSource } from './page-source.ts';
import { ServedPages } from './served-pages.ts';

/** What goes on with the files of a transfer as another one. */
const RETRIES: ReadonlySet<CommandName> = new Set(['retry', 'retryFailed']);

export interface ConsolePorts extends LinkPorts {
  /** null: the person closed the dialog. */
  readonly chooseFiles: (kind: 'files' | 'folder') => Promise<readonly File[] | null>;
}

export interface ConsoleBridge extends Bridge {
  /** Leaving the page now would break a transfer. */
  isNeeded(): boolean;
  stop(): void;
}

/** The bridge of a browser: one WebSocket for words, and one for each selection whose files it serves. */
export function consoleBridge(ports: ConsolePorts): ConsoleBridge {
  const link = new ConsoleLink(ports);
  const pages = new ServedPages();
  link.onSnapshot((snapshot) => pages.update(snapshot));

  async function serve(held: Held, caveats: readonly Caveat[]): Promise<Answer<Staged>> {
    if (held.items.length === 0) return { ok: false, failure: failure('NOTHING_TO_SEND') };
    const answer = (await link.ask({
      kind: 'openPage',
      items: held.items.slice(0, MAX_ITEMS_SHOWN).map((item) => ({ ...item })),
      itemCount: held.items.length,
    })) as Answer<PageSelection>;
    if (!answer.ok) return answer;
    const { selectionId, items, itemCount } = answer.value;
    pages.add(selectionId, new PageSource(ports.open, answer.value, held.entries));
    return { ok: true, value: { selection: { selectionId, items, itemCount }, caveats } };
  }

  const call: Bridge['call'] = async (name, input) => {
    if (name === 'send' && 'selectionId' in input) pages.sending(input.selectionId);
    // The gateway has checked the input against the command's schema and answers with its output.
    const answer = (await link.ask({ kind: 'call', name, input })) as Awaited<
      ReturnType<typeof call<typeof name>>
    >;
    if (name === 'send' && !answer.ok && 'selectionId' in input) pages.notSent(input.selectionId);
    if (answer.ok && answer.value !== null) {
      if ('retried' in answer.value) {
        for (const { before, after } of answer.value.retried) pages.retried(before, after);
      } else if ('transferId' in answer.value) {
        const { transferId } = answer.value;
        if ('selectionId' in input) pages.sent(input.selectionId, transferId);
        else if (RETRIES.has(name) && 'transferId' in input)
          pages.retried(input.transferId, transferId);
      }
    }
    return answer;
  };

  return {
    face: 'console',
    call,
    subscribe: (listener) => link.onSnapshot(listener),
    link: () => link.state,
    subscribeLink: (listener) => link.onState(listener),
    stageDrop: (data) => serve(heldByDrop(data), ['noExecBits']),
    stagePaste: (files) => serve(heldByInput(files), []),
    pick: async (kind) => {
      const files = await ports.chooseFiles(kind);
      if (files === null) return { ok: true, value: null };
      const caveats: Caveat[] = ['noExecBits'];
      if (kind === 'folder') caveats.push('noEmptyFolders');
      return serve(heldByInput(files), caveats);
    },
    release: (selectionId) => pages.release(selectionId),
    folders: {
      by: 'name',
      name: async (path) => (await link.ask({ kind: 'nameFolder', path })) as Answer<Folder>,
    },
    onAsked: () => () => undefined,
    isNeeded: () => pages.isNeeded,
    stop: () => {
      link.stop();
      pages.stop();
    },
  };
}
