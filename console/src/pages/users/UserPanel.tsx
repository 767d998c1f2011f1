import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { namePerson, type Person, usersQuery } from '../../api/people.ts';
import { useSession } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import { FormFault, SidePanel } from '../../parts/FormPanel.tsx';
import { useChange } from '../../parts/use-change.ts';
import { RoleChoice } from './RoleChoice.tsx';

interface UserPanelProps {
  id: string;
  close(): void;
  show(link: { email: string; url: string }): void;
}

/** One person: role, links, second factor, and the end of it. */
export function UserPanel({ id, close, show }: UserPanelProps) {
  const { data: people } = useQuery(usersQuery);
  const person = people?.find((each) => each.id === id);
  return (
    <SidePanel title="User" name={person && namePerson(person)} close={close}>
      {people && person === undefined && (
        <Text>No user has the id in the address. The user may have been removed.</Text>
      )}
      {person && <Settings key={person.role} {...{ person, close, show }} />}
    </SidePanel>
  );
}

function Settings({ person, close, show }: Omit<UserPanelProps, 'id'> & { person: Person }) {
  const { user } = useSession();
  const { id, email, role: before, status } = person;
  const [role, setRole] = useState(before);
  const isSelf = user.id === id;
  const isDisabled = status === 'disabled';
  const keys = [usersQuery.queryKey];
  const changeRole = useChange({ run: () => api.changeUser(id, { role }), keys, said: 'The role was changed' });
  const disable = useChange({
    run: () => api.changeUser(id, { disabled: !isDisabled }),
    keys,
    said: isDisabled ? 'The user may sign in again' : 'The user may not sign in any more',
  });
  const invite = useChange({
    run: () => api.inviteUserAgain(id),
    keys,
    said: 'There is a new link',
    done: ({ invitation }) => show({ email, url: invitation.url }),
  });
  const removeFactor = useChange({
    run: () => api.removeUserSecondFactor(id),
    keys,
    said: 'The second factor is off',
  });
  const remove = useChange({ run: () => api.removeUser(id), keys, said: 'The user was removed', done: close });
  return (
    <Stack gap="lg">
      <div>
        <Text c="dimmed" size="sm">
          {email}
          {isSelf && ' (you)'}
        </Text>
      </div>
      <Stack gap="sm">
        <RoleChoice value={role} onChange={setRole} />
        {changeRole.error && <FormFault error={changeRole.error} />}
        <Group>
          <Button onClick={() => changeRole.mutate()} loading={changeRole.isPending} disabled={role === before}>
            Change role
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          Another role ends every session of the user.
        </Text>
      </Stack>
      <Stack gap="sm" align="flex-start">
        <Title order={3}>Sign-in</Title>
        {!isDisabled && (
          <AskFirst
            button="New link…"
            title="Make a new link?"
            verb="Make a link"
            keep="Not now"
            run={() => invite.mutate()}
            isRunning={invite.isPending}
            error={invite.error}
          >
            For a lost link or a lost password. Links that were made before end; the password so far works until the
            link is used.
          </AskFirst>
        )}
        {person.has_second_factor && (
          <AskFirst
            button="Remove second factor…"
            title="Remove the second factor?"
            verb="Remove second factor"
            run={() => removeFactor.mutate()}
            isRunning={removeFactor.isPending}
            error={removeFactor.error}
          >
            For a lost device. Every session of the user ends, and the password alone is enough until a new one is set
            up.
          </AskFirst>
        )}
        {isDisabled ? (
          <>
            <Button variant="default" onClick={() => disable.mutate()} loading={disable.isPending}>
              Enable user
            </Button>
            {disable.error && <FormFault error={disable.error} />}
          </>
        ) : (
          <AskFirst
            button="Disable…"
            title="Disable this user?"
            verb="Disable user"
            run={() => disable.mutate()}
            isRunning={disable.isPending}
            error={disable.error}
          >
            Every session ends at once, and the user cannot sign in until somebody enables it again.
          </AskFirst>
        )}
        <AskFirst
          button="Remove…"
          title="Remove this user?"
          verb="Remove user"
          run={() => remove.mutate()}
          isRunning={remove.isPending}
          error={remove.error}
        >
          The user is gone for good; what the user changed stays, with the name. API keys belong to the account: revoke
          those that the person knew.
        </AskFirst>
      </Stack>
    </Stack>
  );
}
