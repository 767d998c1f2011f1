import { TagsInput } from '@mantine/core';
import { usePart } from './use-part.ts';

/** Texts of the draft, each as a tag. None takes the property out. */
export function TagsPart(given: { path: string; label: string; description: string; placeholder: string }) {
  const { path, label, description, placeholder } = given;
  const { value, change, faults, isReadOnly } = usePart<string[]>(path);
  return (
    <TagsInput
      {...{ label, description }}
      {...((value ?? []).length === 0 && { placeholder })}
      value={value ?? []}
      readOnly={isReadOnly}
      splitChars={[',', ' ']}
      acceptValueOnBlur
      error={faults.length === 0 ? undefined : faults.map(({ message }) => message).join(' ')}
      onChange={(next) => change(next.length === 0 ? undefined : next, `Changed: ${label}`)}
    />
  );
}
