import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type Field, fieldsQuery, typeNamesQuery } from '../../api/library.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { NameInput } from '../../parts/NameInput.tsx';
import { useChange } from '../../parts/use-change.ts';

/** Of the server, too; it decides. */
const ID_CHARACTERS_MAX = 100;
const DESCRIPTION_CHARACTERS_MAX = 2_000;

interface FieldFormProps {
  /** null: a field is made. */
  before: Field | null;
  close(): void;
  done(): void;
}

type OwnType = Exclude<Field['type'], 'array'>;

/** A field of one's own. */
export function FieldForm({ before, close, done }: FieldFormProps) {
  const { data: types = [] } = useQuery(typeNamesQuery);
  const [id, setId] = useState(before?.id ?? '');
  const [name, setName] = useState(before?.name ?? '');
  const [type, setType] = useState<OwnType>(before === null || before.type === 'array' ? 'string' : before.type);
  const [description, setDescription] = useState(before?.description ?? '');
  const [isMasked, setMasked] = useState(before?.masked ?? false);
  const save = useChange({
    run: () => {
      const given = { name, type, masked: isMasked, ...(description.trim() !== '' && { description }) };
      return before === null ? api.createField({ id, ...given }) : api.replaceField(before.id, given);
    },
    keys: [fieldsQuery.queryKey],
    said: before === null ? 'The field was added' : 'The field was changed',
    done,
  });
  const faults = findFieldErrors(save.error);
  return (
    <FormPanel
      title={before === null ? 'Add a field' : 'Change the field'}
      verb={before === null ? 'Add field' : 'Save'}
      change={save}
      close={close}
    >
      <NameInput value={name} change={setName} fault={faults['name']} />
      {before === null && (
        <TextInput
          label="Parameter"
          description="What sources send and rules name: letters, digits, _ and dots, such as shoe_size_acme. It cannot be changed later."
          value={id}
          error={faults['id']}
          onChange={({ currentTarget: { value } }) => setId(value)}
          maxLength={ID_CHARACTERS_MAX}
          required
        />
      )}
      <Select
        label="Type"
        description="How values are read, compared and checked."
        data={types.map((each) => ({ value: each, label: each.replaceAll('_', ' ') }))}
        value={type}
        onChange={(value) => setType(types.find((each) => each === value) ?? 'string')}
        allowDeselect={false}
        searchable
        error={faults['type']}
        comboboxProps={{ withinPortal: false }}
      />
      <Textarea
        label="Description"
        value={description}
        error={faults['description']}
        onChange={({ currentTarget: { value } }) => setDescription(value)}
        maxLength={DESCRIPTION_CHARACTERS_MAX}
        autosize
        minRows={2}
      />
      <Switch
        label="Mask values"
        description="Values are masked before anything is stored, for card numbers and the like. What was masked cannot be read back."
        checked={isMasked}
        onChange={({ currentTarget: { checked } }) => setMasked(checked)}
      />
    </FormPanel>
  );
}
