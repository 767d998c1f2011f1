import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type OwnSession, ownSessionsQuery } from '../../api/people.ts';
import { keepSession, type Session } from '../../api/session.ts';
import { useSession } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { useChange } from '../../parts/use-change.ts';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import { describeBrowser } from './describe-browser.ts';
import { SecondFactor } from './SecondFactor.tsx';

/** How one signs in: password, second factor, and where one is signed in. */
export function SecurityPage() {
  useTitle('Security', 'Settings');
  return (
    <>
      <PageHeader title="Security" text="How you sign in, and where you are signed in." />
      <SettingsTabs />
      <Stack gap="xl">
        <Section title="Password" text="Another password ends all your sessions but this one.">
          <PasswordForm />
        </Section>
        <SecondFactor />
        <Sessions />
      </Stack>
    </>
  );
}

/** A session that goes on with another cookie and token: the page goes on with it. */
export function useNewSession(): (session: Session) => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return async (session) => {
    keepSession(queries, session);
    await router.invalidate();
  };
}

/** Of the server, too (docs/guides/users.md); it decides. */
const PASSWORD_CHARACTERS_MIN = 12;

function PasswordForm() {
  const { user } = useSession();
  const goOn = useNewSession();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useChange({
    run: () => api.changeOwnPassword({ current_password: current, password: next }),
    keys: [ownSessionsQuery.queryKey],
    said: 'Your password was changed',
    done: (session) => {
      setCurrent('');
      setNext('');
      void goOn(session);
    },
  });
  const faults = findFieldErrors(change.error);
  return (
    <form
      aria-label="Change the password"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack gap="sm" maw={480}>
        {/* Password managers keep it by this name. */}
        <input type="hidden" name="username" autoComplete="username" value={user.email} />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          required
          value={current}
          error={faults['current_password']}
          onChange={({ currentTarget: { value } }) => setCurrent(value)}
        />
        <PasswordInput
          label="New password"
          description={`At least ${PASSWORD_CHARACTERS_MIN} characters; several words make a good one.`}
          autoComplete="new-password"
          minLength={PASSWORD_CHARACTERS_MIN}
          required
          value={next}
          error={faults['password']}
          onChange={({ currentTarget: { value } }) => setNext(value)}
        />
        {change.error && Object.keys(faults).length === 0 && <FormFault error={change.error} />}
        <Group>
          <Button type="submit" loading={change.isPending}>
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const COLUMNS: readonly Column<OwnSession>[] = [
  {
    key: 'browser',
    header: 'Browser',
    wraps: true,
    cell: ({ user_agent: agent, is_current: isCurrent }) =>
      `${describeBrowser(agent)}${isCurrent ? ' (this one)' : ''}`,
  },
  { key: 'ip', header: 'Address', cell: ({ ip }) => ip },
  { key: 'since', header: 'Signed in', cell: ({ created_at: at }) => <Time at={at} /> },
  { key: 'seen', header: 'Last seen', cell: ({ last_seen_at: at }) => <Time at={at} isRelative /> },
  { key: 'end', header: 'Action', cell: (session) => <EndSession session={session} /> },
];

function Sessions() {
  const { data, error, refetch } = useQuery(ownSessionsQuery);
  return (
    <Section title="Sessions" text="Where you are signed in. End those that you do not know, and change your password.">
      {data ? (
        <DataTable caption="Your sessions" columns={COLUMNS} rows={data} getKey={({ id }) => id} />
      ) : error ? (
        <ErrorState error={error} reset={() => void refetch()} />
      ) : (
        <TableSkeleton rows={3} />
      )}
    </Section>
  );
}

function EndSession({ session: { id, is_current: isCurrent, user_agent: agent } }: { session: OwnSession }) {
  const end = useChange({
    run: () => api.removeOwnSession(id),
    keys: [ownSessionsQuery.queryKey],
    said: 'The session was ended',
  });
  if (isCurrent) return 'Sign out in the menu';
  return (
    <Group gap="sm" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => end.mutate()}
        loading={end.isPending}
        aria-label={`End session of ${describeBrowser(agent)}`}
      >
        End session
      </Button>
      {end.error && <FormFault error={end.error} />}
    </Group>
  );
}
