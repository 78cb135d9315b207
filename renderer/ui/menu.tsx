import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import styles from './menu.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly words: string;
  readonly icon?: ReactNode;
  readonly onAction: () => void;
}

/** A button and the list of what it can do. */
export function Menu({
  button,
  label,
  entries,
}: {
  readonly button: ReactNode;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
}) {
  return (
    <MenuTrigger>
      {button}
      <Popover className={styles['popover'] ?? ''} placement="bottom start" offset={6}>
        <AriaMenu aria-label={label} className={styles['menu'] ?? ''}>
          {entries.map(({ id, words, icon, onAction }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={words}
              onAction={onAction}
              className={styles['entry'] ?? ''}
            >
              {icon}
              <span>{words}</span>
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
