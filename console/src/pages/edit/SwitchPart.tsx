import { Switch } from '@mantine/core';
import { usePart } from './use-part.ts';

/** Something of the draft that is on or off. `usual`: what holds when it is left out; `isKept`: it may not be left out. */
export function SwitchPart(given: {
  path: string;
  label: string;
  description: string;
  usual: boolean;
  isKept?: boolean;
}) {
  const { path, label, description, usual, isKept = false } = given;
  const { value, change, faults, isReadOnly } = usePart<boolean>(path);
  return (
    <Switch
      label={label}
      description={description}
      checked={value ?? usual}
      disabled={isReadOnly}
      error={faults.length === 0 ? undefined : faults.map(({ message }) => message).join(' ')}
      onChange={({ currentTarget: { checked } }) =>
        change(checked === usual && !isKept ? undefined : checked, `${label}: ${checked ? 'on' : 'off'}`)
      }
    />
  );
}
