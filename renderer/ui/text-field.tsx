import { FieldError, Input, Label, Text, TextField as AriaTextField } from 'react-aria-components';
import styles from './text-field.module.css';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: string;
  /** Said below the field in place of the description; null where all is well. */
  readonly error?: string | null;
  readonly placeholder?: string;
  readonly inputMode?: 'text' | 'numeric';
  readonly maxLength?: number;
  readonly isFocusedAtFirst?: boolean;
  readonly onEscape?: () => void;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, description, error = null, onEscape } = props;
  return (
    <AriaTextField
      className={styles['field'] ?? ''}
      value={value}
      onChange={onChange}
      isInvalid={error !== null}
      validationBehavior="aria"
      autoComplete="off"
      // A field that opens by a button is what the person wants to type into.
      autoFocus={props.isFocusedAtFirst ?? false}
    >
      <Label className={styles['label'] ?? ''}>{label}</Label>
      <Input
        className={styles['input'] ?? ''}
        dir="auto"
        spellCheck={false}
        inputMode={props.inputMode ?? 'text'}
        placeholder={props.placeholder ?? ''}
        maxLength={props.maxLength ?? 4096}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || onEscape === undefined) return;
          // What lies round the field must not take the key for its own.
          event.preventDefault();
          onEscape();
        }}
      />
      {error === null && description !== undefined && (
        <Text slot="description" className={styles['more'] ?? ''}>
          {description}
        </Text>
      )}
      <FieldError className={styles['error'] ?? ''}>{error}</FieldError>
    </AriaTextField>
  );
}
