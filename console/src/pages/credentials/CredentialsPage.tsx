import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type Credential, credentialsQuery, credentialTypesQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { PanelButton } from '../../parts/PanelButton.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { LibraryTabs } from '../library/LibraryTabs.tsx';
import { CredentialForm } from './CredentialForm.tsx';
import { Expiry } from './Expiry.tsx';

/** What recipients ask of their senders; secrets are on no page. */
export function CredentialsPage() {
  const { panel, close } = usePanel();
  const navigate = useNavigate();
  const mayManage = useMay('credentials.manage');
  const { data: types = [] } = useQuery({ ...credentialTypesQuery, enabled: useMay('flows.read') });
  const labels = new Map(types.map(({ name, label }) => [name, label] as const));
  const columns: readonly Column<Credential>[] = [
    {
      key: 'name',
      header: 'Name',
      wraps: true,
      cell: ({ id, name }) => (
        <Anchor component={Link} to={`/credentials/${id}`} inherit>
          <bdi>{name}</bdi>
        </Anchor>
      ),
    },
    { key: 'type', header: 'Type', cell: ({ type }) => labels.get(type) ?? type },
    { key: 'package', header: 'For', cell: (credential) => credential.package ?? 'Any integration' },
    {
      key: 'used',
      header: 'Last used',
      cell: ({ last_used_at: at }) => (at === null ? 'Never' : <Time at={at} isRelative />),
    },
    { key: 'expires', header: 'Token ends', cell: (credential) => <Expiry at={credential.expires_at} /> },
    { key: 'updated', header: 'Last change', cell: ({ updated_at: at }) => <Time at={at} /> },
  ];
  const filters = [
    {
      ...{ name: 'type', label: 'Type', has: ({ type }: Credential, value: string) => type === value },
      options: types.map(({ name, label }) => ({ value: name, label })),
    },
  ];
  return (
    <ListFrame
      title="Credentials"
      section="Library"
      text="Passwords, tokens and keys that recipients ask for. They are encrypted, and no page shows them again."
      tabs={<LibraryTabs />}
      permission="flows.read"
      noun={['credential', 'credentials']}
      query={credentialsQuery}
      columns={columns}
      keyOf={({ id }) => id}
      textOf={({ name, type, id }) => `${name} ${type} ${id}`}
      filters={filters}
      action={mayManage && <PanelButton panel="new">Add a credential</PanelButton>}
      empty={{
        title: 'No credentials yet',
        text: 'Store what a recipient asks for here, and steps of flows name it: it can then be replaced without publishing the flows.',
      }}
    >
      {mayManage && panel === 'new' && (
        <CredentialForm before={null} close={close} done={({ id }) => void navigate({ to: `/credentials/${id}` })} />
      )}
    </ListFrame>
  );
}
