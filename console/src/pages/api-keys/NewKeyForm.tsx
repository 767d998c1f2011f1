import { Checkbox, MultiSelect, Radio, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { flowNamesQuery } from '../../api/flows.ts';
import { type ApiKey, apiKeysQuery, type Role, rolesQuery } from '../../api/people.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { useChange } from '../../parts/use-change.ts';
import { RoleChoice } from '../users/RoleChoice.tsx';

type Permission = ApiKey['permissions'][number];

const DAY_MS = 86_400_000;
const LIVES = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];

interface NewKeyFormProps {
  close(): void;
  show(made: { name: string; key: string }): void;
}

/** A key with a role or with permissions of its own; one that submits leads may be limited to sources. */
export function NewKeyForm({ close, show }: NewKeyFormProps) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<'role' | 'own'>('role');
  const [role, setRole] = useState<Role>('vendor');
  const [permissions, setPermissions] = useState<Permission[]>([]);
  const [sources, setSources] = useState<string[]>([]);
  const [days, setDays] = useState('');
  const isSubmitting = kind === 'role' ? role === 'vendor' : permissions.join() === 'leads.submit';
  const create = useChange({
    run: () =>
      api.createApiKey({
        name,
        ...(kind === 'role' ? { role } : { permissions }),
        ...(isSubmitting && sources.length > 0 && { source_ids: sources }),
        ...(days !== '' && { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
      }),
    keys: [apiKeysQuery.queryKey],
    said: 'The API key was created',
    done: ({ key }) => show({ name, key }),
  });
  return (
    <FormPanel
      title="Create an API key"
      text="One for each program: it can then be replaced or ended alone."
      verb="Create key"
      change={create}
      close={close}
    >
      <TextInput
        label="Name"
        description="Of the program or the vendor that uses it."
        value={name}
        error={findFieldErrors(create.error)['name']}
        onChange={({ currentTarget: { value } }) => setName(value)}
        maxLength={200}
        required
        data-autofocus
      />
      <SegmentedControl
        aria-label="What it may do"
        data={[
          { value: 'role', label: 'A role' },
          { value: 'own', label: 'Permissions of its own' },
        ]}
        value={kind}
        onChange={(value) => setKind(value === 'own' ? 'own' : 'role')}
      />
      {kind === 'role' ? (
        <RoleChoice value={role} onChange={setRole} />
      ) : (
        <PermissionChoice value={permissions} onChange={setPermissions} />
      )}
      {isSubmitting && <SourceChoice value={sources} onChange={setSources} />}
      <Select
        label="Expires"
        data={LIVES}
        value={days}
        onChange={(value) => setDays(value ?? '')}
        allowDeselect={false}
        comboboxProps={INSIDE}
      />
    </FormPanel>
  );
}

/** The list belongs to the panel, so that the keyboard stays in it. */
const INSIDE = { withinPortal: false } as const;

function PermissionChoice({ value, onChange }: { value: Permission[]; onChange(value: Permission[]): void }) {
  const { data } = useQuery(rolesQuery);
  const { permissions: own } = useSession();
  const known = data?.permissions ?? [];
  return (
    <Checkbox.Group
      label="Permissions"
      description="You can give those that you have."
      value={value}
      onChange={(names) => onChange(known.filter(({ name }) => names.includes(name)).map(({ name }) => name))}
    >
      <Stack gap="sm" mt="xs">
        {known.map(({ name, opens }) => (
          <Checkbox key={name} value={name} label={name} description={opens} disabled={!own.includes(name)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function SourceChoice({ value, onChange }: { value: string[]; onChange(value: string[]): void }) {
  const mayRead = useMay('flows.read');
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: mayRead });
  const [isLimited, setLimited] = useState(false);
  const names = new Map(flows.flatMap(({ sources }) => sources.map(({ id, name }) => [id, name] as const)));
  return (
    <Stack gap="sm">
      <Radio.Group
        label="Submits to"
        value={isLimited ? 'some' : 'all'}
        onChange={(choice) => {
          setLimited(choice === 'some');
          if (choice === 'all') onChange([]);
        }}
      >
        <Stack gap="sm" mt="xs">
          <Radio value="all" label="All sources" />
          <Radio value="some" label="Some sources" />
        </Stack>
      </Radio.Group>
      {isLimited && (
        <MultiSelect
          label="Sources"
          data={[...names].map(([id, name]) => ({ value: id, label: name }))}
          value={value}
          onChange={onChange}
          searchable
          limit={50}
          comboboxProps={INSIDE}
        />
      )}
      {isLimited && names.size === 0 && (
        <Text size="sm" c="dimmed">
          No flow has a source yet.
        </Text>
      )}
    </Stack>
  );
}
