import { Select, TextInput } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { usePart } from './use-part.ts';

const keysQuery = queryOptions({ queryKey: ['api-keys'], queryFn: () => api.listApiKeys(), staleTime: 60_000 });

/** One API key by its name; who may not list keys gives its id. */
export function CredentialSelect({ path, label, description }: { path: string; label: string; description: string }) {
  const { value, change, faults, isReadOnly } = usePart<string>(path);
  const mayList = useMay('keys.manage');
  const { data: keys = [] } = useQuery({ ...keysQuery, enabled: mayList });
  const error = faults.length === 0 ? undefined : faults.map(({ message }) => message).join(' ');
  if (!mayList)
    return (
      <TextInput
        {...{ label, error }}
        description={`${description} Your role may not list API keys; give the id of one.`}
        value={value ?? ''}
        readOnly={isReadOnly}
        onChange={({ currentTarget }) =>
          change(currentTarget.value === '' ? undefined : currentTarget.value, `Changed: ${label}`)
        }
      />
    );
  const data = keys.map(({ id, name }) => ({ value: id, label: name }));
  const isKnown = value === undefined || data.some((each) => each.value === value);
  return (
    <Select
      {...{ label, description, error }}
      placeholder="Any key of the account"
      data={isKnown ? data : [...data, { value, label: value }]}
      value={value ?? null}
      onChange={(id) => change(id ?? undefined, `Changed: ${label}`)}
      disabled={isReadOnly}
      clearable
      clearButtonProps={{ 'aria-label': 'Allow any key' }}
      searchable
    />
  );
}
