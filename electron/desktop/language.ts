import type { LanguageSetting } from '../../shared/model/language.ts';
import { tongueOf } from '../../shared/model/language.ts';
import { loadSpeech } from '../../shared/text/speech.ts';
import { speak } from './words.ts';

export interface LanguagePorts {
  /** The system's languages, the dearest first. */
  readonly systemLanguages: () => readonly string[];
  /** Called when the words are those of another language. */
  readonly onSpoken: () => void;
}

/** Keeps what the main process says in the language that the person has chosen. */
export class LanguageFollower {
  readonly #ports: LanguagePorts;
  #setting: LanguageSetting | null = null;

  constructor(ports: LanguagePorts) {
    this.#ports = ports;
  }

  async follow(setting: LanguageSetting): Promise<void> {
    if (setting === this.#setting) return;
    this.#setting = setting;
    const speech = await loadSpeech(tongueOf(setting, this.#ports.systemLanguages()));
    // another may have been chosen meanwhile
    if (setting !== this.#setting) return;
    speak(speech);
    this.#ports.onSpoken();
  }
}
