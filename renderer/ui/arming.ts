import { useEffect, useState } from 'react';

/** A prompt that has just come, or just moved, is not answered by a click meant for something else. */
export const ARM_DELAY_MS = 700;

/** True once `place` has stayed the same for the delay. */
export function useArmed(place: string): boolean {
  const [armedAt, setArmedAt] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setArmedAt(place), ARM_DELAY_MS);
    return () => clearTimeout(timer);
  }, [place]);
  return armedAt === place;
}
