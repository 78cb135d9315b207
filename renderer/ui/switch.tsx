import { useId } from 'react';
import { SwitchButton, SwitchField } from 'react-aria-components';
import styles from './switch.module.css';

interface SwitchProps {
  readonly label: string;
  readonly description: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** On or off, at once. */
export function Switch({ label, description, isOn, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className={styles['field']}>
      <SwitchField isSelected={isOn} aria-describedby={id} onChange={onChange}>
        <SwitchButton className={styles['switch'] ?? ''}>
          <span className={styles['track']}>
            <span className={styles['knob']} />
          </span>
          {label}
        </SwitchButton>
      </SwitchField>
      <p id={id} className={styles['more']}>
        {description}
      </p>
    </div>
  );
}
