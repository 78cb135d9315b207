import { RadioButton, RadioField, RadioGroup } from 'react-aria-components';
import styles from './segments.module.css';

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly words: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side, of which one always holds. */
export function Segments<T extends string>({ label, value, choices, onChange }: SegmentsProps<T>) {
  return (
    <RadioGroup
      className={styles['group'] ?? ''}
      aria-label={label}
      orientation="horizontal"
      data-count={choices.length}
      value={value}
      onChange={(chosen) => {
        const choice = choices.find((one) => one.value === chosen);
        if (choice) onChange(choice.value);
      }}
    >
      {choices.map((choice) => (
        <RadioField key={choice.value} value={choice.value}>
          <RadioButton className={styles['segment'] ?? ''}>{choice.words}</RadioButton>
        </RadioField>
      ))}
    </RadioGroup>
  );
}
