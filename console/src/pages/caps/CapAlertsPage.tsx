import { Alert, Button, Group, Skeleton, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CapAlertsWithRecent, RecordedCapAlert, TestedCapAlert } from '../../../../client/src/client.ts';
import { allCapsQuery, capAlertsQuery } from '../../api/caps.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { Delayed } from '../../parts/Delayed.tsx';
import { describeError, ErrorState } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { Time } from '../../parts/Time.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { CapTabs } from './CapTabs.tsx';
import { parseThresholds } from './parse-thresholds.ts';

/** Who is told before a cap is full. */
export function CapAlertsPage() {
  useTitle('Alerts', 'Caps');
  const mayRead = useMay('flows.read');
  return (
    <>
      <PageHeader
        title="Alerts of caps"
        text="A message when a cap of a published flow reaches a part of its maximum."
      />
      <CapTabs />
      {mayRead ? <Alerts /> : <NoPermission what="alerts" permission="flows.read" />}
    </>
  );
}

function Alerts() {
  const { data: alerts, error, refetch } = useQuery(capAlertsQuery);
  const mayChange = useMay('account.manage');
  if (alerts === undefined)
    return error ? (
      <ErrorState error={error} reset={() => void refetch()} />
    ) : (
      <Delayed>
        <Skeleton h={260} maw={640} />
      </Delayed>
    );
  return (
    <Stack gap="xl">
      {mayChange ? <AlertForm key={alerts?.updated_at ?? 'none'} alerts={alerts} /> : <Readable alerts={alerts} />}
      {alerts !== null && <Recent alerts={alerts} />}
    </Stack>
  );
}

function Readable({ alerts }: { alerts: CapAlertsWithRecent | null }) {
  return (
    <Stack gap="xs" maw={640}>
      {alerts === null ? (
        <Text>Nobody is told when a cap fills up.</Text>
      ) : (
        <>
          <Text>At {alerts.thresholds.map((each) => `${each} %`).join(', ')} of the maximum:</Text>
          <Text>Webhook: {alerts.url ?? 'none'}</Text>
          <Text>E-mail: {alerts.emails.length === 0 ? 'none' : alerts.emails.join(', ')}</Text>
        </>
      )}
      <Text c="dimmed" size="sm">
        Your role lacks the permission account.manage, which changes this. An owner can give you another role.
      </Text>
    </Stack>
  );
}

function AlertForm({ alerts }: { alerts: CapAlertsWithRecent | null }) {
  const queries = useQueryClient();
  const [url, setUrl] = useState(alerts?.url ?? '');
  const [emails, setEmails] = useState(alerts?.emails ?? []);
  const [thresholds, setThresholds] = useState((alerts?.thresholds ?? [80, 100]).map(String));
  const [secret, setSecret] = useState<string | null>(null);
  const parsed = parseThresholds(thresholds);
  const isEmpty = url.trim() === '' && emails.length === 0;
  const reread = () => queries.invalidateQueries({ queryKey: capAlertsQuery.queryKey });
  const save = useMutation({
    mutationFn: (given: number[]) =>
      api.replaceCapAlerts({ url: url.trim() === '' ? null : url.trim(), emails, thresholds: given }),
    onSuccess: (saved) => {
      announce('The alerts were saved');
      if ('secret' in saved) setSecret(saved.secret);
      else void reread();
    },
  });
  const remove = useMutation({
    mutationFn: () => api.removeCapAlerts(),
    onSuccess: async () => {
      announce('The alerts were removed');
      await reread();
    },
  });
  if (secret !== null)
    return (
      <Stack gap="sm" maw={640}>
        <Alert variant="outline" title="Keep the secret now">
          It signs the webhook, and is shown this once. The receiver needs it to check that an alert is yours.
        </Alert>
        <CodeBlock code={secret} label="Secret of the alerts" />
        <Group>
          <Button onClick={() => void reread().then(() => setSecret(null))}>I have kept it</Button>
        </Group>
      </Stack>
    );
  return (
    <Stack gap="md" maw={640} component="section" aria-label="Where alerts go">
      {alerts === null && <Text>Nobody is told yet. Give a webhook, addresses, or both.</Text>}
      <TextInput
        label="Webhook"
        description="A public address. Alerts are posted to it, signed."
        placeholder="https://hooks.example.com/caps"
        value={url}
        maxLength={2_000}
        onChange={({ currentTarget: { value } }) => setUrl(value)}
      />
      <TagsInput
        label="E-mail"
        description="At most 10 addresses; the server needs a mail server for them."
        value={emails}
        onChange={setEmails}
        maxTags={10}
        acceptValueOnBlur
      />
      <TagsInput
        label="At percent of the maximum"
        value={thresholds}
        onChange={setThresholds}
        acceptValueOnBlur
        error={parsed.ok ? null : parsed.fault}
      />
      {save.error && <FaultAlert>{describeError(save.error).text}</FaultAlert>}
      {remove.error && <FaultAlert>{describeError(remove.error).text}</FaultAlert>}
      <Group gap="sm">
        <Button
          loading={save.isPending}
          disabled={isEmpty || !parsed.ok}
          onClick={() => parsed.ok && save.mutate(parsed.value)}
        >
          Save alerts
        </Button>
        {alerts !== null && (
          <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
            Remove alerts
          </Button>
        )}
      </Group>
      {alerts !== null && <TestAlert />}
    </Stack>
  );
}

function TestAlert() {
  const test = useMutation({ mutationFn: () => api.testCapAlert() });
  return (
    <Stack gap="xs">
      <Group>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          Send a test
        </Button>
      </Group>
      {test.error && <FaultAlert>{describeError(test.error).text}</FaultAlert>}
      {test.data && <Tested tested={test.data} />}
    </Stack>
  );
}

function Tested({ tested: { fault, mail_fault: mailFault, ms } }: { tested: TestedCapAlert }) {
  const faults = [
    ...(fault === null ? [] : [`The webhook did not receive it: ${fault}.`]),
    ...(mailFault === null ? [] : [`The mail server did not take it: ${mailFault}.`]),
  ];
  return (
    <Text size="sm" role="status">
      {faults.length === 0 ? `A test was received (${ms} ms).` : faults.join(' ')}
    </Text>
  );
}

const STATE_WORDS = { waiting: 'Waiting', sent: 'Sent', given_up: 'Given up' } as const;
const STATE_LOOKS = { waiting: 'retry', sent: 'success', given_up: 'error' } as const;

function Recent({ alerts: { recent } }: { alerts: CapAlertsWithRecent }) {
  const { data: caps } = useQuery(allCapsQuery);
  const nameOf = ({ cap_id: id }: RecordedCapAlert) => caps?.find((cap) => cap.id === id)?.name ?? id;
  return (
    <section aria-labelledby="recent">
      <Title order={2} id="recent" mb="sm">
        Last alerts
      </Title>
      {recent.length === 0 ? (
        <Text c="dimmed">None yet. Caps are looked at every 10 seconds.</Text>
      ) : (
        <DataTable
          caption="Last alerts"
          rows={recent}
          getKey={({ id }) => id}
          columns={[
            { key: 'cap', header: 'Cap', wraps: true, cell: (each) => <bdi>{nameOf(each)}</bdi> },
            { key: 'threshold', header: 'Reached', isNumber: true, cell: ({ threshold }) => `${threshold} %` },
            { key: 'at', header: 'At', cell: ({ recorded_at }) => <Time at={recorded_at} /> },
            {
              key: 'state',
              header: 'State',
              cell: ({ state }) => <OutcomeBadge status={STATE_LOOKS[state]} word={STATE_WORDS[state]} />,
            },
            { key: 'attempts', header: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts },
            { key: 'reason', header: 'Last reason', wraps: true, cell: ({ reason }) => reason ?? '–' },
          ]}
        />
      )}
    </section>
  );
}
