import { Button, Center, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { SluiceError } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { keepSession } from '../../api/session.ts';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { useTitle } from '../../parts/use-title.ts';

const route = getRouteApi('/sign-in');

/** Asks for e-mail and password, and for the code of the second factor once the server wants it. */
export function SignInPage() {
  useTitle('Sign in');
  const { to } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { email: '', password: '', code: '' } });
  const signIn = useMutation({
    mutationFn: ({ email, password, code }: { email: string; password: string; code: string }) =>
      api.signIn({ email, password, ...(code !== '' && { code }) }),
    onSuccess: (session) => {
      keepSession(queries, session);
      router.history.push(to ?? router.buildLocation({ to: '/' }).publicHref);
    },
  });
  const { error } = signIn;
  const asksForCode = error instanceof SluiceError && error.code === 'second_factor_required';
  return (
    <Center component="main" mih="100vh" p="md">
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
        <Stack w={320} gap="md">
          <Title order={1}>Sign in to Sluice</Title>
          {error && !asksForCode && <FaultAlert>{error.message}</FaultAlert>}
          <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps('email')} />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            {...form.getInputProps('password')}
          />
          {asksForCode && (
            <TextInput
              label="Code"
              description="Of your authenticator app, or one of your recovery codes."
              autoComplete="one-time-code"
              autoFocus
              required
              {...form.getInputProps('code')}
            />
          )}
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Center>
  );
}
