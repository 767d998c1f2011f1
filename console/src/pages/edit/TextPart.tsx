import { Textarea, TextInput } from '@mantine/core';
import { usePart } from './use-part.ts';

interface TextPartProps {
  path: string;
  label: string;
  description?: string;
  placeholder?: string;
  isLong?: boolean;
  isRequired?: boolean;
  charactersMax?: number;
}

/** A text of the draft under its label. An empty one is taken out, unless it is required. */
export function TextPart(given: TextPartProps) {
  const { path, label, description, placeholder, isLong = false, isRequired = false, charactersMax = 1_000 } = given;
  const { value, change, faults, isReadOnly } = usePart<unknown>(path);
  const props = {
    ...{ label, description, placeholder, maxLength: charactersMax, readOnly: isReadOnly, withAsterisk: isRequired },
    value: typeof value === 'string' ? value : '',
    error: faults.length === 0 ? undefined : faults.map(({ message }) => message).join(' '),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      change(currentTarget.value === '' && !isRequired ? undefined : currentTarget.value, `Changed: ${label}`),
  };
  return isLong ? <Textarea {...props} autosize minRows={2} maxRows={8} /> : <TextInput {...props} />;
}
