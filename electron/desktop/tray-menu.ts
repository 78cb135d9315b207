import type { Settings, Visibility } from '../../shared/model/settings.ts';
import { VISIBILITIES } from '../../shared/model/settings.ts';
import type { Standing } from './standing.ts';
import { percent, say } from './words.ts';

/** What can be done from the tray and the dock, without the window. */
export interface TrayActions {
  readonly open: () => void;
  readonly sendFiles: () => void;
  readonly sendFolder: () => void;
  readonly showFolder: () => void;
  readonly setVisibility: (visibility: Visibility) => void;
  readonly quit: () => void;
}

/** As Electron takes it. */
export interface TrayItem {
  readonly label?: string;
  readonly type?: 'normal' | 'separator' | 'radio' | 'submenu';
  readonly enabled?: boolean;
  readonly checked?: boolean;
  readonly click?: () => void;
  readonly submenu?: TrayItem[];
}

const SEPARATOR: TrayItem = { type: 'separator' };

/** One line: what is under way, and before it what waits for the person. */
export function standingWords({ underWay, fraction, waiting }: Standing): string {
  if (waiting > 0) return say('desktop.tray.waiting', { count: waiting });
  if (underWay === 0) return say('desktop.tray.idle');
  const share = percent(fraction ?? 0);
  return say('desktop.tray.busy', { count: underWay, percent: share });
}

export function trayMenu(
  standing: Standing,
  { visibility }: Pick<Settings, 'visibility'>,
  actions: TrayActions,
): TrayItem[] {
  return [
    { label: standingWords(standing), enabled: false },
    SEPARATOR,
    { label: say('desktop.tray.open'), click: actions.open },
    ...sendItems(actions),
    { label: say('desktop.tray.folder'), click: actions.showFolder },
    SEPARATOR,
    {
      label: say('window.settings.visibility'),
      type: 'submenu',
      submenu: VISIBILITIES.map((value) => ({
        label: say(`window.visibility.${value}`),
        type: 'radio',
        checked: value === visibility,
        click: () => actions.setVisibility(value),
      })),
    },
    SEPARATOR,
    { label: say('desktop.menu.quit'), click: actions.quit },
  ];
}

/** The dock has the window and the way out already. */
export function dockMenu(actions: TrayActions): TrayItem[] {
  return [...sendItems(actions), { label: say('desktop.tray.folder'), click: actions.showFolder }];
}

function sendItems({ sendFiles, sendFolder }: TrayActions): TrayItem[] {
  return [
    { label: say('desktop.menu.sendFiles'), click: sendFiles },
    { label: say('desktop.menu.sendFolder'), click: sendFolder },
  ];
}
