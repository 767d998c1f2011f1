import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { namePerson, type Person, usersQuery } from '../../api/people.ts';
import { useMay } from '../../api/use-session.ts';
import { capitalize } from '../../parts/capitalize.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PanelButton, PanelName } from '../../parts/PanelButton.tsx';
import { SecretOnce } from '../../parts/SecretOnce.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import { InviteForm } from './InviteForm.tsx';
import { UserPanel } from './UserPanel.tsx';

/** `invited`: the link was not used yet. */
const STATES = {
  active: { status: 'success', word: 'Active' },
  invited: { status: 'queued', word: 'Invited' },
  disabled: { status: 'paused', word: 'Disabled' },
} as const;

const COLUMNS: readonly Column<Person>[] = [
  {
    key: 'name',
    header: 'Person',
    wraps: true,
    cell: (person) => <PanelName panel={person.id}>{namePerson(person)}</PanelName>,
  },
  { key: 'email', header: 'E-mail', wraps: true, cell: ({ email }) => <bdi>{email}</bdi> },
  { key: 'role', header: 'Role', cell: ({ role }) => capitalize(role) },
  { key: 'status', header: 'State', cell: ({ status }) => <OutcomeBadge {...STATES[status]} /> },
  { key: 'factor', header: 'Second factor', cell: ({ has_second_factor: has }) => (has ? 'On' : 'Off') },
  {
    key: 'seen',
    header: 'Last sign-in',
    cell: ({ last_login_at: at }) => (at === null ? 'Never' : <Time at={at} isRelative />),
  },
  { key: 'since', header: 'Invited', onLaptop: 'leaves', cell: ({ created_at: at }) => <Time at={at} /> },
];

const FILTERS = [
  {
    ...{ name: 'role', label: 'Role', has: ({ role }: Person, value: string) => role === value },
    options: ['owner', 'editor', 'analyst', 'vendor'].map((value) => ({ value, label: value })),
  },
  {
    ...{ name: 'state', label: 'State', has: ({ status }: Person, value: string) => status === value },
    options: Object.entries(STATES).map(([value, { word }]) => ({ value, label: word })),
  },
];

/** Who may sign in, and as what. */
export function UsersPage() {
  const { panel, close } = usePanel();
  const mayManage = useMay('users.manage');
  const [link, setLink] = useState<{ email: string; url: string } | null>(null);
  const show = (shown: { email: string; url: string }) => {
    close();
    setLink(shown);
  };
  return (
    <ListFrame
      title="Users"
      section="Settings"
      text="People who sign in. Programs use API keys instead."
      tabs={<SettingsTabs />}
      permission="users.manage"
      noun={['user', 'users']}
      query={usersQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={(person) => `${namePerson(person)} ${person.email}`}
      filters={FILTERS}
      action={<PanelButton panel="new">Invite a user</PanelButton>}
      empty={{ title: 'No users yet', text: 'Invite the people who will work with this account.' }}
    >
      {mayManage && panel === 'new' && <InviteForm close={close} show={show} />}
      {mayManage && panel !== undefined && panel !== 'new' && <UserPanel id={panel} close={close} show={show} />}
      {link && (
        <SecretOnce
          title="Invitation link"
          text={`Give this link to ${link.email}. The person sets a password there. It works once, within seven days; no mail is sent.`}
          label="Invitation link"
          secret={link.url}
          close={() => setLink(null)}
        />
      )}
      <Text size="sm" c="dimmed" mt="sm">
        <Anchor component={Link} to="/settings/roles" inherit>
          What each role may do
        </Anchor>
      </Text>
    </ListFrame>
  );
}
