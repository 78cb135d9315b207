import { useRef, useState } from 'react';
import type { Answer, Selection } from '../../../shared/contract.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import type { Bridge, Staged } from '../../bridge.ts';
import { t } from '../../text.tsx';
import { droppedText, pastedFiles, pastedText } from './pasted-files.ts';

export type StagingState =
  | { readonly step: 'empty' }
  /** A person writes a text; `peerKey`: for whom, null where that is chosen later. */
  | { readonly step: 'writing'; readonly peerKey: string | null }
  /** Waits for the engine to look at what was chosen. */
  | { readonly step: 'reading' }
  | { readonly step: 'staged'; readonly staged: Staged };

export interface Staging {
  readonly state: StagingState;
  readonly stageDrop: (data: DataTransfer) => void;
  readonly pick: (kind: 'files' | 'folder') => void;
  /** To one peer at once, without staging. */
  readonly sendDrop: (peerKey: string, data: DataTransfer) => void;
  readonly pickFor: (peerKey: string, kind: 'files' | 'folder') => void;
  /** What was pasted, where it is something that can be sent. */
  readonly stagePaste: (data: DataTransfer) => void;
  readonly sendPaste: (peerKey: string, data: DataTransfer) => void;
  /** What the system handed over. */
  readonly take: (selection: Selection) => void;
  /** Opens the editor, for one device or for whoever is chosen then. */
  readonly write: (peerKey: string | null) => void;
  readonly written: (text: string) => void;
  /** One hand-out to all of them. */
  readonly sendStaged: (peerKeys: readonly string[]) => void;
  readonly putBack: () => void;
}

/** What was chosen and not sent yet. A newer choice takes the place of an older one. */
export function useStaging(): Staging {
  const bridge = useBridge();
  const ask = useAsk();
  const [state, setState] = useState<StagingState>({ step: 'empty' });
  const turn = useRef(0);

  async function read(answer: Promise<Answer<Staged | null>>): Promise<Staged | null> {
    turn.current += 1;
    const ours = turn.current;
    const before = state;
    setState({ step: 'reading' });
    const staged = await ask(answer);
    if (turn.current !== ours) {
      if (staged !== null) bridge.release(staged.selection.selectionId);
      return null;
    }
    // A dialog that was closed changes nothing.
    if (staged === null) setState(before.step === 'reading' ? { step: 'empty' } : before);
    else if (before.step === 'staged') bridge.release(before.staged.selection.selectionId);
    return staged;
  }

  async function stage(answer: Promise<Answer<Staged | null>>): Promise<void> {
    const staged = await read(answer);
    if (staged !== null) setState({ step: 'staged', staged });
  }

  async function sendTo(peerKey: string, answer: Promise<Answer<Staged | null>>): Promise<void> {
    const staged = await read(answer);
    if (staged !== null) await send([peerKey], staged);
  }

  async function send(peerKeys: readonly string[], staged: Staged): Promise<void> {
    const { selectionId } = staged.selection;
    setState({ step: 'empty' });
    const sent = await Promise.all(
      peerKeys.map((key) =>
        ask(bridge.call('send', { selectionId, to: { kind: 'peer', key }, mode: 'tls' })),
      ),
    );
    if (sent.every((one) => one === null)) bridge.release(selectionId);
  }

  const textOf = (text: string): Promise<Answer<Staged>> => stagedText(bridge, text);
  const dropOf = (data: DataTransfer): Promise<Answer<Staged>> => {
    const text = data.types.includes('Files') ? null : droppedText(data);
    return text === null ? bridge.stageDrop(data) : textOf(text);
  };
  const pasteOf = (data: DataTransfer): Promise<Answer<Staged>> | null => {
    const text = pastedText(data);
    if (text !== null) return textOf(text);
    const files = pastedFiles(data, `${t('window.send.pastedText')}.txt`);
    return files.length === 0 ? null : bridge.stagePaste(files);
  };

  return {
    state,
    stageDrop: (data) => void stage(dropOf(data)),
    pick: (kind) => void stage(bridge.pick(kind)),
    sendDrop: (peerKey, data) => void sendTo(peerKey, dropOf(data)),
    pickFor: (peerKey, kind) => void sendTo(peerKey, bridge.pick(kind)),
    stagePaste: (data) => {
      const answer = pasteOf(data);
      if (answer !== null) void stage(answer);
    },
    sendPaste: (peerKey, data) => {
      const answer = pasteOf(data);
      if (answer !== null) void sendTo(peerKey, answer);
    },
    take: (selection) => {
      void stage(Promise.resolve({ ok: true, value: { selection, caveats: [] } }));
    },
    write: (peerKey) => setState({ step: 'writing', peerKey }),
    written: (text) => {
      const peerKey = state.step === 'writing' ? state.peerKey : null;
      if (peerKey === null) void stage(textOf(text));
      else void sendTo(peerKey, textOf(text));
    },
    sendStaged: (peerKeys) => {
      if (state.step === 'staged') void send(peerKeys, state.staged);
    },
    putBack: () => {
      if (state.step === 'staged') bridge.release(state.staged.selection.selectionId);
      setState({ step: 'empty' });
    },
  };
}

async function stagedText(bridge: Bridge, text: string): Promise<Answer<Staged>> {
  const answer = await bridge.call('stageText', { text });
  return answer.ok ? { ok: true, value: { selection: answer.value, caveats: [] } } : answer;
}
