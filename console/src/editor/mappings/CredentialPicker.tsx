import { Select } from '@mantine/core';
import type { PartProps } from '../part-props.ts';
import { FaultLines } from '../rules/FaultLines.tsx';

/** The stored credential that a step authenticates with; `path` ends in `credential_id`. */
export function CredentialPicker({ value, change, path, faults, names, isReadOnly }: PartProps<string>) {
  const known = names.credentials.some(({ id }) => id === value);
  const others = value === undefined || known ? [] : [{ value, label: `${value} (there is no such credential)` }];
  return (
    <div>
      <Select
        label="Credential"
        description="A password, token or key that is stored once for the account and shown nowhere."
        placeholder="None"
        value={value ?? null}
        data={[
          ...others,
          ...names.credentials.map(({ id, name, type }) => ({ value: id, label: `${name} · ${type}` })),
        ]}
        onChange={(id) => {
          const name = names.credentials.find((each) => each.id === id)?.name ?? id;
          change(id ?? undefined, id === null ? 'Took the credential out' : `Chose the credential ${name}`);
        }}
        disabled={isReadOnly}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Take the credential out' }}
        comboboxProps={{ transitionProps: { duration: 0 } }}
        nothingFoundMessage="No credential has this name"
      />
      <FaultLines faults={faults.filter((fault) => fault.path === path)} />
    </div>
  );
}
