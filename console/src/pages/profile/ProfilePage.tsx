import { Button, Group, List, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { rolesQuery } from '../../api/people.ts';
import { sessionQuery } from '../../api/session.ts';
import { useSession } from '../../api/use-session.ts';
import { Facts } from '../../parts/Facts.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { Time } from '../../parts/Time.tsx';
import { useChange } from '../../parts/use-change.ts';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';

/** Who one is here, and what one may do. */
export function ProfilePage() {
  useTitle('Profile', 'Settings');
  const { user, permissions } = useSession();
  const { data } = useQuery(rolesQuery);
  const role = data?.roles.find(({ name }) => name === user.role);
  const opens = new Map(data?.permissions.map((each): [string, string] => [each.name, each.opens]));
  return (
    <>
      <PageHeader title="Profile" text="Your name, and what you may do here." />
      <SettingsTabs />
      <Stack gap="xl">
        <Section title="You">
          <Facts
            facts={[
              ['E-mail', user.email],
              ['Role', role === undefined ? user.role : `${role.label}: ${role.does}`],
              ['Since', <Time key="since" at={user.created_at} />],
            ]}
          />
          <NameForm />
        </Section>
        <Section title="What you may do" text="An owner can give you another role.">
          <List size="sm" spacing={4} maw="90ch">
            {permissions.map((name) => (
              <List.Item key={name}>{(opens.get(name) ?? name).replaceAll('`', '')}</List.Item>
            ))}
          </List>
        </Section>
      </Stack>
    </>
  );
}

function NameForm() {
  const { user } = useSession();
  const queries = useQueryClient();
  const router = useRouter();
  const [first, setFirst] = useState(user.first_name);
  const [last, setLast] = useState(user.last_name);
  const save = useChange({
    run: async () => {
      await api.changeOwnUser({ first_name: first, last_name: last });
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await router.invalidate();
    },
    keys: [],
    said: 'Your name was changed',
  });
  return (
    <form
      aria-label="Your name"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="sm" maw={480}>
        <Group grow gap="sm">
          <TextInput
            label="First name"
            autoComplete="given-name"
            value={first}
            onChange={({ currentTarget: { value } }) => setFirst(value)}
            maxLength={100}
          />
          <TextInput
            label="Last name"
            autoComplete="family-name"
            value={last}
            onChange={({ currentTarget: { value } }) => setLast(value)}
            maxLength={100}
          />
        </Group>
        {save.error && <FormFault error={save.error} />}
        <Group>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={first === user.first_name && last === user.last_name}
          >
            Save name
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
