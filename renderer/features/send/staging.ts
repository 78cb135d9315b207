import { useRef, useState } from 'react';
import type { Answer } from '../../../shared/contract.ts';
import { useAsk, useBridge } from '../../bridge.ts';
import type { Staged } from '../../bridge.ts';
import { t } from '../../text.tsx';
import { pastedFiles } from './pasted-files.ts';

export type StagingState =
  | { readonly step: 'empty' }
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

  return {
    state,
    stageDrop: (data) => void stage(bridge.stageDrop(data)),
    pick: (kind) => void stage(bridge.pick(kind)),
    sendDrop: (peerKey, data) => void sendTo(peerKey, bridge.stageDrop(data)),
    pickFor: (peerKey, kind) => void sendTo(peerKey, bridge.pick(kind)),
    stagePaste: (data) => {
      const files = pastedFiles(data, `${t('window.send.pastedText')}.txt`);
      if (files.length > 0) void stage(bridge.stagePaste(files));
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
