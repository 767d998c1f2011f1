import { NumberInput } from '@mantine/core';
import { usePart } from './use-part.ts';

/** A number of the draft under its label. An empty field takes it out. */
export function NumberPart(given: {
  path: string;
  label: string;
  description: string;
  placeholder: string;
  min: number;
  max: number;
  isWhole: boolean;
}) {
  const { path, label, description, placeholder, min, max, isWhole } = given;
  const { value, change, faults, isReadOnly } = usePart<number>(path);
  return (
    <NumberInput
      {...{ label, description, placeholder, min, max }}
      allowDecimal={!isWhole}
      clampBehavior="blur"
      hideControls
      w={240}
      maw="100%"
      value={value ?? ''}
      readOnly={isReadOnly}
      error={faults.length === 0 ? undefined : faults.map(({ message }) => message).join(' ')}
      onChange={(next) => change(typeof next === 'number' ? next : undefined, `Changed: ${label}`)}
    />
  );
}
