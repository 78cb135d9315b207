import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { Settings, Theme } from '../../shared/model/settings.ts';
import type { Standing } from './standing.ts';
import { standingOf } from './standing.ts';

/** What the system shows of a running program, outside its window. */
export interface SystemPorts {
  readonly showStanding: (standing: Standing, settings: Settings) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly setOpenAtLogin: (isOn: boolean) => void;
}

/** Tells the system what has changed, and nothing else: each of these costs it a redraw, or a file. */
export class SystemState {
  readonly #ports: SystemPorts;
  #shown = '';
  #theme: Theme | null = null;
  #openAtLogin = false;

  constructor(ports: SystemPorts) {
    this.#ports = ports;
  }

  update({ transfers, pairings, settings }: Snapshot): void {
    const standing = standingOf({ transfers, pairings });
    const { theme, openAtLogin, visibility, language } = settings;
    // as coarse as it is drawn
    const fraction = standing.fraction === null ? null : Math.floor(standing.fraction * 100) / 100;
    const shown = JSON.stringify([{ ...standing, fraction }, visibility, language]);
    if (shown !== this.#shown) this.#ports.showStanding({ ...standing, fraction }, settings);
    this.#shown = shown;
    if (theme !== this.#theme) this.#ports.setTheme(theme);
    this.#theme = theme;
    if (openAtLogin !== this.#openAtLogin) this.#ports.setOpenAtLogin(openAtLogin);
    this.#openAtLogin = openAtLogin;
  }
}
