import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { mailQuery } from '../../api/account.ts';
import { api } from '../../api/client.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Section } from '../../parts/Section.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { useChange } from '../../parts/use-change.ts';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';

const TEXT = 'The mail server that alerts, reports and notices of exports are sent by. Only the operator can set it.';

/** The mail of the installation: what is set, and a message to try it. */
export function MailPage() {
  useTitle('Mail', 'Settings');
  const mayManage = useMay('account.manage');
  return (
    <>
      <PageHeader title="Mail" text={TEXT} />
      <SettingsTabs />
      {mayManage ? <Settings /> : <NoPermission what="the mail server" permission="account.manage" />}
    </>
  );
}

const SECURITIES = {
  starttls: 'STARTTLS, before the login',
  tls: 'TLS, from the first byte',
  none: 'Not encrypted',
} as const;

function Settings() {
  const { data: mail, error, refetch } = useQuery(mailQuery);
  if (mail === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={3} />;
  const { server, from } = mail;
  if (server === null || from === null) return <NotSet />;
  return (
    <Stack gap="xl">
      <Facts
        facts={[
          ['Server', `${server.host}:${server.port}`],
          ['Encryption', SECURITIES[server.security]],
          ['Login', server.has_login ? 'Set, and not shown' : 'None'],
          ['Sender', <bdi key="from">{from.name === '' ? from.address : `${from.name} <${from.address}>`}</bdi>],
        ]}
      />
      <Test />
      <Text size="sm" c="dimmed" maw="75ch">
        The operator changes it in the environment of the server, SLUICE_SMTP_URL and SLUICE_MAIL_FROM, and starts it
        again. Recipient steps that send leads by e-mail have mail servers of their own, as credentials of the type
        smtp.
      </Text>
    </Stack>
  );
}

const LINES = `SLUICE_SMTP_URL=smtp://user:password@mail.example.com:587
SLUICE_MAIL_FROM='Sluice <leads@example.com>'`;

function NotSet() {
  return (
    <Section
      title="No mail server is set"
      text="So nobody gets mail when a cap is full, when a report is due, or when an export is ready. The operator sets one in the environment of the server, and starts it again:"
    >
      <CodeBlock code={LINES} label="Copy the settings" />
      <List size="sm" spacing={4}>
        <List.Item>
          smtp:// encrypts with STARTTLS, usually at port 587; smtps:// from the first byte, at 465.
        </List.Item>
        <List.Item>Signs such as @ in the password are written in percent form: %40.</List.Item>
        <List.Item>The command “sluice doctor” on the server connects and logs in, and sends nothing.</List.Item>
      </List>
    </Section>
  );
}

function Test() {
  const { user } = useSession();
  const test = useChange({ run: () => api.testMail(), keys: [], said: 'The mail server was tested' });
  const { data: tested } = test;
  return (
    <Section title="Does it work?" text={`Sends one message to your own address, ${user.email}.`}>
      <Group>
        <Button variant="default" onClick={() => test.mutate()} loading={test.isPending}>
          Send me a test message
        </Button>
      </Group>
      {test.error && <FormFault error={test.error} />}
      {tested && (
        <Group gap="sm" role="status">
          <OutcomeBadge
            status={tested.fault === null ? 'success' : 'error'}
            word={tested.fault === null ? 'Taken' : 'Not sent'}
          />
          <Text size="sm">
            {tested.fault === null ? (
              `The mail server took the message for ${tested.to} (${tested.ms} ms). Look into your mailbox, and among spam.`
            ) : (
              <Sentence text={`${tested.fault} (${tested.ms} ms)`} />
            )}
          </Text>
        </Group>
      )}
    </Section>
  );
}
