import type { ExistingChoice } from '../../../shared/model/plan.ts';
import { EXISTING_CHOICES } from '../../../shared/model/plan.ts';
import { t } from '../../text.tsx';
import { SelectField } from '../../ui/select-field.tsx';

interface ExistingChoiceFieldProps {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly value: ExistingChoice;
  readonly onChange: (value: ExistingChoice) => void;
}

/** What becomes of names that are taken. */
export function ExistingChoiceField(props: ExistingChoiceFieldProps) {
  const options = EXISTING_CHOICES.map((value) => ({
    value,
    words: t(`window.existing.${value}`),
  }));
  return <SelectField {...props} layout="row" options={options} />;
}
