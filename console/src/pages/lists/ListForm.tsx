import { Group, NumberInput, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type List, type ListType, listsQuery } from '../../api/library.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { NameInput } from '../../parts/NameInput.tsx';
import { useChange } from '../../parts/use-change.ts';
import { TYPES } from './list-words.ts';

/** Of the server, too; it decides. */
const DAY_S = 86_400;
const DAYS_MAX = 21_990;

interface ListFormProps {
  /** null: a list is made. */
  before: List | null;
  close(): void;
  done(list: List): void;
}

/** What a list is called, what its values are, and how long entries stay. Its type stays: entries are hashed by it. */
export function ListForm({ before, close, done }: ListFormProps) {
  const [name, setName] = useState(before?.name ?? '');
  const [type, setType] = useState<ListType>(before?.type ?? 'phone');
  const [isMd5, setMd5] = useState(before?.allows_md5 ?? false);
  const [days, setDays] = useState<number | string>(before?.ttl ? before.ttl / DAY_S : '');
  const ttl = typeof days === 'number' ? Math.round(days * DAY_S) : null;
  const save = useChange({
    run: () =>
      before === null
        ? api.createList({ name, type, ttl, ...(type !== 'md5' && { allows_md5: isMd5 }) })
        : api.replaceList(before.id, { name, ttl }),
    keys: [listsQuery.queryKey],
    said: before === null ? 'The list was created' : 'The list was changed',
    done,
  });
  const faults = findFieldErrors(save.error);
  return (
    <FormPanel
      title={before === null ? 'Create a list' : 'Change the list'}
      verb={before === null ? 'Create list' : 'Save'}
      change={save}
      close={close}
    >
      <NameInput
        description="Rules name the list by it, in lower case and with _ for spaces. The first name always finds it."
        value={name}
        change={setName}
        fault={faults['name']}
      />
      {before === null && (
        <>
          <Select
            label="Values"
            description="How they are compared. It cannot be changed later."
            data={Object.entries(TYPES).map(([value, label]) => ({ value, label }))}
            value={type}
            onChange={(value) => setType((value ?? 'phone') as ListType)}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
          />
          {type !== 'md5' && (
            <Switch
              label="Take MD5s"
              description="A value of 32 hexadecimal digits is the MD5 of one."
              checked={isMd5}
              onChange={({ currentTarget: { checked } }) => setMd5(checked)}
            />
          )}
        </>
      )}
      <Group align="flex-end" gap="sm">
        <NumberInput
          label="Entries end after, days"
          description="Empty: they stay until somebody removes them."
          value={days}
          error={faults['ttl']}
          onChange={setDays}
          min={0}
          max={DAYS_MAX}
          hideControls
          w="100%"
        />
      </Group>
    </FormPanel>
  );
}
