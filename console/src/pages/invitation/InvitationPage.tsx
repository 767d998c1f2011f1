import { Button, Center, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { keepSession } from '../../api/session.ts';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { useTitle } from '../../parts/use-title.ts';

/** Of the server, too (docs/guides/users.md); it decides. */
const PASSWORD_CHARACTERS_MIN = 12;

/** Behind the link of an invitation: a name, a password, and the person is signed in. */
export function InvitationPage() {
  useTitle('Invitation');
  const [token] = useState(takeToken);
  const invitation = useQuery({
    queryKey: ['invitation'],
    queryFn: () => api.readInvitation({ token }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={320} gap="md">
        <Title order={1}>
          {invitation.data ? `Join ${invitation.data.account.name} on Sluice` : 'Your invitation'}
        </Title>
        {invitation.error && <ErrorState error={invitation.error} />}
        {invitation.data && <Acceptance token={token} invitation={invitation.data} />}
      </Stack>
    </Center>
  );
}

/** What follows `#` reaches no server; it leaves the address, so that it stays in no history. */
function takeToken(): string {
  const token = window.location.hash.slice(1);
  if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}

type Invitation = Awaited<ReturnType<typeof api.readInvitation>>;

function Acceptance({ token, invitation }: { token: string; invitation: Invitation }) {
  const { email, first_name, last_name, role, is_new } = invitation;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({ initialValues: { first_name, last_name, password: '' } });
  const accept = useMutation({
    mutationFn: async (values: { first_name: string; last_name: string; password: string }) => {
      await api.acceptInvitation({ token, ...values });
      return api.signIn({ email, password: values.password });
    },
    onSuccess: async (session) => {
      keepSession(queries, session);
      await navigate({ to: '/' });
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => accept.mutate(values))}>
      <Stack gap="md">
        <Text c="dimmed">
          {is_new ? `You will sign in as ${email}, with the role ${role}.` : `Set a new password for ${email}.`}
        </Text>
        {accept.error && <FaultAlert>{accept.error.message}</FaultAlert>}
        <Group grow gap="sm">
          <TextInput label="First name" autoComplete="given-name" {...form.getInputProps('first_name')} />
          <TextInput label="Last name" autoComplete="family-name" {...form.getInputProps('last_name')} />
        </Group>
        {/* Password managers keep it by this name. */}
        <input type="hidden" name="username" autoComplete="username" value={email} />
        <PasswordInput
          label="Password"
          description={`At least ${PASSWORD_CHARACTERS_MIN} characters; several words make a good one.`}
          autoComplete="new-password"
          minLength={PASSWORD_CHARACTERS_MIN}
          required
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={accept.isPending}>
          {is_new ? 'Join' : 'Set the password'}
        </Button>
      </Stack>
    </form>
  );
}
