import { Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type Role, usersQuery } from '../../api/people.ts';
import { FormPanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { useChange } from '../../parts/use-change.ts';
import { RoleChoice } from './RoleChoice.tsx';

interface InviteFormProps {
  close(): void;
  /** The link, which is shown once. */
  show(link: { email: string; url: string }): void;
}

export function InviteForm({ close, show }: InviteFormProps) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('analyst');
  const [firstName, setFirstName] = useState('');
  const [lastName, setLastName] = useState('');
  const invite = useChange({
    run: () => api.inviteUser({ email, role, first_name: firstName, last_name: lastName }),
    keys: [usersQuery.queryKey],
    said: 'The user was invited',
    done: ({ invitation }) => show({ email, url: invitation.url }),
  });
  return (
    <FormPanel
      title="Invite a user"
      text="You get a link to pass on: the person sets a password behind it."
      verb="Invite"
      change={invite}
      close={close}
    >
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="off"
        required
        value={email}
        error={findFieldErrors(invite.error)['email']}
        onChange={({ currentTarget: { value } }) => setEmail(value)}
        data-autofocus
      />
      <Group grow gap="sm">
        <TextInput
          label="First name"
          value={firstName}
          onChange={({ currentTarget: { value } }) => setFirstName(value)}
          maxLength={100}
        />
        <TextInput
          label="Last name"
          value={lastName}
          onChange={({ currentTarget: { value } }) => setLastName(value)}
          maxLength={100}
        />
      </Group>
      <RoleChoice value={role} onChange={setRole} />
    </FormPanel>
  );
}
