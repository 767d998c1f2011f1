import { NativeSelect } from '@mantine/core';
import { usePart } from './use-part.ts';

/** One of a few words. `usual`: what holds when it is left out. A word that is not among them stays chosen. */
export function ChoicePart(given: {
  path: string;
  label: string;
  description: string;
  usual: string;
  choices: readonly string[];
}) {
  const { path, label, description, usual, choices } = given;
  const { value = usual, change, faults, isReadOnly } = usePart<string>(path);
  return (
    <NativeSelect
      {...{ label, description }}
      data={choices.includes(value) ? [...choices] : [...choices, value]}
      value={value}
      disabled={isReadOnly}
      w={240}
      maw="100%"
      error={faults.length === 0 ? undefined : faults.map(({ message }) => message).join(' ')}
      onChange={({ currentTarget }) =>
        change(currentTarget.value === usual ? undefined : currentTarget.value, `Changed: ${label}`)
      }
    />
  );
}
