import { Anchor, Button, Group, List, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { ownSessionsQuery } from '../../api/people.ts';
import { sessionQuery } from '../../api/session.ts';
import { useSession } from '../../api/use-session.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { FormFault, FormPanel, SidePanel } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { QrCode } from '../../parts/QrCode.tsx';
import { SecretOnce } from '../../parts/SecretOnce.tsx';
import { Section } from '../../parts/Section.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { useChange } from '../../parts/use-change.ts';
import { useNewSession } from './SecurityPage.tsx';

/** A code of an authenticator app beside the password: set up and switched off. */
export function SecondFactor() {
  const { user } = useSession();
  const { panel, open, close } = usePanel();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const isOn = user.has_second_factor;
  return (
    <Section
      title="Second factor"
      text="A code of an authenticator app beside the password. Who knows your password alone cannot sign in."
    >
      <Group gap="md">
        {isOn ? <OutcomeBadge status="success" word="On" /> : <OutcomeBadge status="skip" word="Off" />}
        <Button variant="default" onClick={() => open(isOn ? 'remove' : 'set-up')}>
          {isOn ? 'Switch off…' : 'Set up…'}
        </Button>
      </Group>
      {panel === 'set-up' && !isOn && (
        <SetUp
          close={close}
          show={(shown) => {
            close();
            setCodes(shown);
          }}
        />
      )}
      {panel === 'remove' && isOn && <Remove close={close} />}
      {codes && (
        <SecretOnce
          title="Recovery codes"
          text="The second factor is on. Each of these codes signs you in once, in the place of a code of the app."
          label="Recovery codes"
          secret={codes.join('\n')}
          close={() => setCodes(null)}
        />
      )}
    </Section>
  );
}

function SetUp({ close, show }: { close(): void; show(codes: readonly string[]): void }) {
  const [password, setPassword] = useState('');
  const [enrolment, setEnrolment] = useState<{ secret: string; otpauth_url: string } | null>(null);
  const begin = useChange({
    run: () => api.beginSecondFactor({ password }),
    keys: [],
    said: 'Add it to your app',
    done: (made) => {
      setPassword('');
      setEnrolment(made);
    },
  });
  if (enrolment !== null) return <Confirm enrolment={enrolment} close={close} show={show} />;
  return (
    <FormPanel
      title="Set up a second factor"
      text="You need an authenticator app on your phone or in your password manager."
      verb="Go on"
      change={begin}
      close={close}
    >
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        required
        value={password}
        error={findFieldErrors(begin.error)['password']}
        onChange={({ currentTarget: { value } }) => setPassword(value)}
        data-autofocus
      />
    </FormPanel>
  );
}

function Confirm(given: {
  enrolment: { secret: string; otpauth_url: string };
  close(): void;
  show(codes: readonly string[]): void;
}) {
  const { enrolment, close, show } = given;
  const queries = useQueryClient();
  const router = useRouter();
  const [code, setCode] = useState('');
  const confirm = useChange({
    run: () => api.confirmSecondFactor({ code }),
    keys: [ownSessionsQuery.queryKey],
    said: 'The second factor is on',
    done: async ({ recovery_codes: codes }) => {
      show(codes);
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await router.invalidate();
    },
  });
  return (
    <SidePanel title="Set up a second factor" close={close}>
      <form
        aria-label="Confirm the second factor"
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate();
        }}
      >
        <Stack gap="md">
          <List type="ordered" size="sm" spacing="sm">
            <List.Item>Scan the picture with the app, or give it the secret below.</List.Item>
            <List.Item>Type the code that it shows.</List.Item>
          </List>
          <QrCode text={enrolment.otpauth_url} label="The secret for an authenticator app, as a QR code" />
          <CodeBlock code={enrolment.secret} label="Secret for the app" />
          <Text size="sm">
            <Anchor href={enrolment.otpauth_url}>Add it to an app on this device</Anchor>
          </Text>
          <TextInput
            label="Code"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            value={code}
            error={findFieldErrors(confirm.error)['code']}
            onChange={({ currentTarget: { value } }) => setCode(value)}
            maxLength={40}
          />
          {confirm.error && <FormFault error={confirm.error} />}
          <Group gap="sm">
            <Button type="submit" loading={confirm.isPending}>
              Switch on
            </Button>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </form>
    </SidePanel>
  );
}

function Remove({ close }: { close(): void }) {
  const goOn = useNewSession();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const remove = useChange({
    run: () => api.removeSecondFactor({ password, code }),
    keys: [ownSessionsQuery.queryKey],
    said: 'The second factor is off',
    done: (session) => {
      close();
      void goOn(session);
    },
  });
  const faults = findFieldErrors(remove.error);
  return (
    <FormPanel
      title="Switch off the second factor"
      text="From then on your password alone is enough."
      verb="Switch off"
      change={remove}
      close={close}
    >
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        required
        value={password}
        error={faults['password']}
        onChange={({ currentTarget: { value } }) => setPassword(value)}
        data-autofocus
      />
      <TextInput
        label="Code of the app, or a recovery code"
        autoComplete="one-time-code"
        required
        value={code}
        error={faults['code']}
        onChange={({ currentTarget: { value } }) => setCode(value)}
        maxLength={40}
      />
    </FormPanel>
  );
}
