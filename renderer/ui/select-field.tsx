import { useId } from 'react';
import styles from './select-field.module.css';

interface Option<T extends string> {
  readonly value: T;
  readonly words: string;
  /** Of the words, where it is another than that of the page. */
  readonly lang?: string;
}

interface SelectFieldProps<T extends string> {
  readonly label: string;
  /** Only heard, where what stands around it says it already. */
  readonly isLabelHidden?: boolean;
  /** `row`: the label stands beside it. */
  readonly layout?: 'row' | 'column';
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly description?: string;
  readonly onChange: (value: T) => void;
}

/** One of a few. The system's own list: it opens, scrolls and is read out as people know it. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, value, options, description, onChange, layout = 'column' } = props;
  const id = useId();
  return (
    <div className={`${styles['field'] ?? ''} ${styles[layout] ?? ''}`}>
      <label htmlFor={id} className={props.isLabelHidden === true ? 'only-heard' : styles['label']}>
        {label}
      </label>
      <select
        id={id}
        className={styles['select']}
        value={value}
        {...(description === undefined ? {} : { 'aria-describedby': `${id}-more` })}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} lang={option.lang}>
            {option.words}
          </option>
        ))}
      </select>
      {description !== undefined && (
        <p id={`${id}-more`} className={styles['more']}>
          {description}
        </p>
      )}
    </div>
  );
}
