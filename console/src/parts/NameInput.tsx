import { TextInput } from '@mantine/core';

/** As many as the API keeps of a name. */
const NAME_CHARACTERS_MAX = 200;

interface NameInputProps {
  value: string;
  change(name: string): void;
  /** What the server says of it. */
  fault: string | undefined;
  description?: string;
}

/** The name of the thing that a form is about: its first field, which has the focus. */
export function NameInput({ value, change, fault, description }: NameInputProps) {
  return (
    <TextInput
      label="Name"
      description={description}
      value={value}
      error={fault}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      maxLength={NAME_CHARACTERS_MAX}
      required
      data-autofocus
    />
  );
}
