import { NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type Credential, type CredentialType, credentialsQuery, credentialTypesQuery } from '../../api/library.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { NameInput } from '../../parts/NameInput.tsx';
import { nameProperty } from '../../parts/name-property.ts';
import { useChange } from '../../parts/use-change.ts';

type Attribute = CredentialType['attributes'][number];
type Values = Readonly<Record<string, string | number | null>>;

const VALUE_CHARACTERS_MAX = 16_384;

interface CredentialFormProps {
  /** null: one is made. Its secrets are not known, and stay unless others are given. */
  before: Credential | null;
  close(): void;
  done(credential: Credential): void;
}

/** What a type consists of, field by field; made from what the server says of its types. */
export function CredentialForm({ before, close, done }: CredentialFormProps) {
  const { data: types = [] } = useQuery(credentialTypesQuery);
  const [name, setName] = useState(before?.name ?? '');
  const [typeName, setTypeName] = useState<Credential['type']>(before?.type ?? 'user');
  const [values, setValues] = useState<Values>({});
  const type = types.find((each) => each.name === typeName);
  const attributes = type?.attributes ?? [];
  const save = useChange({
    run: () => {
      const given = Object.fromEntries(attributes.map((each) => [each.name, readValue(each, { values, before })]));
      const credential = { name, type: typeName, package: before?.package ?? null, ...given };
      return before === null ? api.createCredential(credential) : api.replaceCredential(before.id, credential);
    },
    keys: [credentialsQuery.queryKey],
    said: before === null ? 'The credential was added' : 'The credential was changed',
    done,
  });
  const faults = findFieldErrors(save.error);
  return (
    <FormPanel
      title={before === null ? 'Add a credential' : 'Change the credential'}
      text={
        before === null
          ? 'Secrets are encrypted, and shown on no page.'
          : 'Flows that name it use the change at once. A secret that is left empty stays as it is.'
      }
      verb={before === null ? 'Add credential' : 'Save'}
      change={save}
      close={close}
    >
      <NameInput value={name} change={setName} fault={faults['name']} />
      {before === null && (
        <Select
          label="Type"
          description={type?.does}
          data={types.map(({ name: value, label }) => ({ value, label }))}
          value={typeName}
          onChange={(value) => {
            setTypeName(types.find((each) => each.name === value)?.name ?? 'user');
            setValues({});
          }}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
        />
      )}
      {attributes.map((attribute) => (
        <AttributeInput
          key={`${typeName}.${attribute.name}`}
          attribute={attribute}
          value={values[attribute.name] ?? shownOf(attribute, before)}
          isKept={before !== null && attribute.secret}
          error={faults[attribute.name]}
          onChange={(value) => setValues({ ...values, [attribute.name]: value })}
        />
      ))}
    </FormPanel>
  );
}

/** What the form shows of an attribute that nobody has touched. */
function shownOf({ name, secret, default: byDefault }: Attribute, before: Credential | null): string | number {
  if (secret) return '';
  const stored: Record<string, unknown> = { ...before };
  const kept = before === null ? byDefault : stored[name];
  return typeof kept === 'string' || typeof kept === 'number' ? kept : '';
}

/** What is sent of an attribute; null: nothing, which keeps a secret. */
function readValue(
  attribute: Attribute,
  { values, before }: { values: Values; before: Credential | null },
): string | number | null {
  const value = values[attribute.name] ?? shownOf(attribute, before);
  return value === '' ? null : value;
}

interface AttributeInputProps {
  attribute: Attribute;
  value: string | number;
  /** A secret is stored. */
  isKept: boolean;
  error: string | undefined;
  onChange(value: string | number): void;
}

function AttributeInput({ attribute, value, isKept, error, onChange }: AttributeInputProps) {
  const { name, does, secret, required, lines, port, choices } = attribute;
  const common = {
    label: nameProperty(name),
    description: isKept ? `${does.replaceAll('`', '')} Empty: it stays as it is.` : does.replaceAll('`', ''),
    ...{ error, required: required && !isKept },
  };
  if (choices !== null)
    return (
      <Select
        {...common}
        data={[...choices]}
        value={String(value)}
        onChange={(chosen) => onChange(chosen ?? '')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
      />
    );
  if (port)
    return <NumberInput {...common} value={value} onChange={onChange} min={1} max={65_535} hideControls maw={160} />;
  if (lines)
    return (
      <Textarea
        {...common}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        maxLength={VALUE_CHARACTERS_MAX}
        autoComplete="off"
        ff="monospace"
        autosize
        minRows={3}
        maxRows={8}
      />
    );
  const Input = secret ? PasswordInput : TextInput;
  return (
    <Input
      {...common}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={VALUE_CHARACTERS_MAX}
      autoComplete={secret ? 'new-password' : 'off'}
    />
  );
}
