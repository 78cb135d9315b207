import { Label, Text, TextArea as AriaTextArea, TextField } from 'react-aria-components';
import styles from './text-field.module.css';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Said below, and read out with the field. */
  readonly description: string;
  readonly isInvalid?: boolean;
  /** Ctrl or Cmd with Enter: Enter alone begins a line. */
  readonly onDone: () => void;
  readonly onEscape: () => void;
}

/** Lines that a person writes. It has the focus when it comes. */
export function TextArea(props: TextAreaProps) {
  const { label, value, onChange, description, isInvalid = false, onDone, onEscape } = props;
  return (
    <TextField
      className={styles['field'] ?? ''}
      value={value}
      onChange={onChange}
      isInvalid={isInvalid}
      validationBehavior="aria"
      autoFocus
    >
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <AriaTextArea
        className={`${styles['input'] ?? ''} ${styles['area'] ?? ''}`}
        dir="auto"
        rows={4}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            onDone();
          } else if (event.key === 'Escape') {
            // What lies round the field must not take the key for its own.
            event.preventDefault();
            onEscape();
          }
        }}
      />
      <Text slot="description" className={styles[isInvalid ? 'error' : 'more'] ?? ''}>
        {description}
      </Text>
    </TextField>
  );
}
