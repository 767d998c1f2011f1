import { Anchor, Button, Center, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { SluiceError } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { keepSession, sessionQuery } from '../../api/session.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { Sentence } from '../../parts/Sentence.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { ZoneSelect } from '../../parts/ZoneSelect.tsx';
import { findOwnZone } from '../../parts/zones.ts';

/** Opened by the link that a start prints: makes the first administrator, who is signed in and goes on to the setup. */
export function WelcomePage() {
  useTitle('Welcome');
  const token = window.location.hash.slice(1);
  const welcome = useQuery({
    queryKey: ['welcome', token],
    queryFn: () => api.readWelcome({ token }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={420} gap="md">
        <Title order={1}>{welcome.isError ? 'This link does not work' : 'Welcome to Sluice'}</Title>
        {welcome.isError && <DeadLink error={welcome.error} tryAgain={() => void welcome.refetch()} />}
        {welcome.isSuccess && <WelcomeForm token={token} />}
      </Stack>
    </Center>
  );
}

function DeadLink({ error, tryAgain }: { error: unknown; tryAgain(): void }) {
  const isUsed = error instanceof SluiceError && error.status === 404;
  return (
    <Stack align="flex-start" gap="sm" role="alert">
      <Text>
        <Sentence text={isUsed ? error.message : describeError(error).text} />
      </Text>
      {isUsed ? (
        <Anchor component={Link} to="/sign-in">
          Sign in
        </Anchor>
      ) : (
        <Button variant="default" onClick={tryAgain}>
          Try again
        </Button>
      )}
    </Stack>
  );
}

interface Person {
  first_name: string;
  last_name: string;
  email: string;
  password: string;
  zone: string;
}

function WelcomeForm({ token }: { token: string }) {
  const router = useRouter();
  const queries = useQueryClient();
  const form = useForm<Person>({
    initialValues: { first_name: '', last_name: '', email: '', password: '', zone: findOwnZone() },
  });
  const accept = useMutation({
    mutationFn: async ({ zone, ...person }: Person) => {
      const session = await api.acceptWelcome({ token, ...person });
      keepSession(queries, session);
      if (session.account.time_zone === zone) return;
      // The person is in; a zone that the server does not know is chosen again in the setup.
      await api.changeAccount({ time_zone: zone }).catch(() => undefined);
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    },
    onSuccess: () => router.navigate({ to: '/setup', replace: true }),
    onError: (error) => form.setErrors(findFieldErrors(error)),
  });
  const isElsewhere = accept.isError && Object.keys(findFieldErrors(accept.error)).length === 0;
  return (
    <form onSubmit={form.onSubmit((person) => accept.mutate(person))}>
      <Stack gap="md">
        <Text c="dimmed">You are the first here and become the administrator.</Text>
        {isElsewhere && <FaultAlert>{accept.error.message}</FaultAlert>}
        <Group grow gap="sm" align="flex-start">
          <TextInput label="First name" autoComplete="given-name" autoFocus {...form.getInputProps('first_name')} />
          <TextInput label="Last name" autoComplete="family-name" {...form.getInputProps('last_name')} />
        </Group>
        <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps('email')} />
        <PasswordInput
          label="Password"
          description="At least 12 characters; several words make a good one."
          autoComplete="new-password"
          required
          {...form.getInputProps('password')}
        />
        <ZoneSelect value={form.values.zone} onChange={(zone) => form.setFieldValue('zone', zone)} />
        <Button type="submit" loading={accept.isPending}>
          Create the administrator
        </Button>
      </Stack>
    </form>
  );
}
