import { Button, Input, Label, SearchField as AriaSearchField, Text } from 'react-aria-components';
import { ClearIcon, SearchIcon } from './icons.tsx';
import styles from './search-field.module.css';

interface SearchFieldProps {
  /** Stands in the field while it is empty. */
  readonly label: string;
  readonly description?: string;
  /** What the button that empties it is called. */
  readonly clear: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isFocusedAtFirst?: boolean;
}

/** As long as the contract takes. */
const MAX_UNITS = 200;

/** Looks through a list. Escape empties it; where it is empty the key is for what lies round it. */
export function SearchField(props: SearchFieldProps) {
  const { label, description, clear, value, onChange } = props;
  return (
    <AriaSearchField
      className={styles['field'] ?? ''}
      value={value}
      onChange={onChange}
      autoComplete="off"
      // A page that is a list begins where it is looked through.
      autoFocus={props.isFocusedAtFirst ?? false}
    >
      <Label className="only-heard">{label}</Label>
      <div className={styles['frame']}>
        <SearchIcon />
        <Input
          className={styles['input'] ?? ''}
          dir="auto"
          spellCheck={false}
          placeholder={label}
          maxLength={MAX_UNITS}
        />
        {value !== '' && (
          <Button className={styles['clear'] ?? ''} aria-label={clear}>
            <ClearIcon />
          </Button>
        )}
      </div>
      {description !== undefined && (
        <Text slot="description" className={styles['more'] ?? ''}>
          {description}
        </Text>
      )}
    </AriaSearchField>
  );
}
