import { useEffect, useSyncExternalStore } from 'react';
import type { LanguageSetting } from '../shared/model/language.ts';
import { tongueOf } from '../shared/model/language.ts';
import { loadSpeech } from '../shared/text/speech.ts';
import type { Speech } from '../shared/text/speech.ts';

/** The language that the window speaks. Only its words are loaded, before anything is drawn. */

interface Spoken {
  readonly setting: LanguageSetting;
  readonly speech: Speech;
}

let spoken: Spoken | null = null;
let wanted: LanguageSetting | null = null;
const listeners = new Set<() => void>();

/** Throws before the first words are there: nothing is drawn until then. */
export function speech(): Speech {
  if (spoken === null) throw new Error('The window was drawn without words.');
  return spoken.speech;
}

async function speak(setting: LanguageSetting): Promise<void> {
  wanted = setting;
  const next = await loadSpeech(tongueOf(setting, navigator.languages));
  // another may have been chosen meanwhile
  if (wanted !== setting) return;
  spoken = { setting, speech: next };
  const { documentElement } = document;
  documentElement.lang = next.language;
  documentElement.dir = next.direction;
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is spoken: at first nothing, and until the words of `setting` are there those of before. */
export function useSpoken(setting: LanguageSetting): Spoken | null {
  useEffect(() => {
    void speak(setting);
    const again = () => void speak(setting);
    window.addEventListener('languagechange', again);
    return () => window.removeEventListener('languagechange', again);
  }, [setting]);
  return useSyncExternalStore(subscribe, () => spoken);
}
