import type { Transfer } from '../../../../shared/model/transfer.ts';
import { canVerify } from '../../../../shared/model/transfer-actions.ts';
import { useAsk, useBridge } from '../../../bridge.ts';
import { t } from '../../../text.tsx';
import { Button } from '../../../ui/button.tsx';

interface VerifyActionProps {
  readonly transfer: Transfer;
  readonly what: string;
}

/** Compares what was received with what arrived, or stops that: one button, so that the focus stays. */
export function VerifyAction({ transfer, what }: VerifyActionProps) {
  const bridge = useBridge();
  const ask = useAsk();
  const isRunning = transfer.phase === 'delivered' && transfer.check?.state === 'running';
  if (!isRunning && !canVerify(transfer)) return null;
  const word = isRunning ? 'stop' : 'verify';
  const command = isRunning ? 'stopVerify' : 'verify';
  return (
    <Button
      aria-label={t(`window.check.${word}Of`, { what })}
      onPress={() => ask(bridge.call(command, { transferId: transfer.id }))}
    >
      {t(`window.check.${word}`)}
    </Button>
  );
}
