import { Button, Group, Modal, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/use-session.ts';
import { capitalize } from '../../parts/capitalize.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatTime } from '../../parts/format-time.ts';
import { Money } from '../../parts/Money.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { recipientOf } from './field-rows.ts';
import styles from './lead.module.css';
import type { LeadToShow } from './lead-query.ts';

/** What the lead cost and earned, what came back from recipients, and the form to say it for them. */
export function FeedbackTab({ shown }: { shown: LeadToShow }) {
  return (
    <Stack gap="lg" className={styles['tab']}>
      <MoneySection shown={shown} />
      <FeedbackSection shown={shown} />
    </Stack>
  );
}

const WHY = { lead: 'The lead', delivery: 'A delivery', return: 'A return' } as const;

interface MoneyRow {
  key: string;
  what: string;
  kind: string;
  amount: number;
}

const MONEY_COLUMNS: readonly Column<MoneyRow>[] = [
  { key: 'for', header: 'For', cell: ({ what }) => what },
  { key: 'kind', header: 'Kind', cell: ({ kind }) => kind },
  {
    ...{ key: 'amount', header: 'Amount, USD', isNumber: true },
    cell: ({ amount }) => <Money dollars={amount} isInColumn />,
  },
];

function MoneySection({ shown: { lead } }: { shown: LeadToShow }) {
  const { entries, profit } = lead.money;
  return (
    <section>
      <Title order={2}>Money</Title>
      <DataTable
        caption="Money"
        columns={MONEY_COLUMNS}
        rows={entries.map(({ kind, amount, reason, event_id: id }, index) => ({
          ...{ key: `${id ?? index}.${kind}.${reason}`, what: WHY[reason], kind: capitalize(kind), amount },
        }))}
        getKey={({ key }) => key}
        total={{ key: 'profit', what: 'Profit', kind: '', amount: profit }}
      />
    </section>
  );
}

function FeedbackSection({ shown: { lead, explanation } }: { shown: LeadToShow }) {
  const { account, permissions } = useSession();
  const events = lead.events.filter(({ type }) => type === 'feedback-received' || type === 'feedback-sent');
  const takers = explanation.steps.filter(
    ({ recipient, verdict, retries }) => recipient && (verdict === 'success' || retries?.at(-1)?.verdict === 'success'),
  );
  const recipients = takers.flatMap(({ recipient }) =>
    recipient ? [{ value: recipient.id, label: recipient.name }] : [],
  );
  return (
    <section>
      <Title order={2}>Feedback</Title>
      {events.length === 0 && <Text c="dimmed">No recipient has returned this lead or reported a conversion.</Text>}
      {events.length > 0 && (
        <ul className={styles['plain']}>
          {events.map((event) => (
            <li key={event.id}>
              {event.start_timestamp
                ? `${formatTime(new Date(event.start_timestamp), { zone: account.time_zone, now: new Date() })}: `
                : ''}
              {String(event.feedback_type ?? 'feedback')}{' '}
              {event.type === 'feedback-received' ? `from ${recipientOf(event)}` : 'sent to the source'}{' '}
              <OutcomeBadge status={event.outcome} /> {event.reason && <bdi>{event.reason}</bdi>}
            </li>
          ))}
        </ul>
      )}
      {recipients.length > 0 && permissions.includes('feedback.send') && (
        <GiveFeedback leadId={lead.id} recipients={recipients} />
      )}
      {recipients.length === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          Feedback can be given for a recipient that accepted the lead, and none did.
        </Text>
      )}
    </section>
  );
}

type Kind = 'return' | 'conversion';

function GiveFeedback({ leadId, recipients }: { leadId: string; recipients: { value: string; label: string }[] }) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind | null>(null);
  const [recipientId, setRecipientId] = useState(recipients[0]?.value ?? '');
  const [reason, setReason] = useState('');
  const send = useMutation({
    mutationFn: (type: Kind) =>
      api.sendFeedback(leadId, { type, recipient_id: recipientId, ...(reason !== '' && { reason }) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['lead', leadId] }),
    onSettled: () => setKind(null),
  });
  const name = recipients.find(({ value }) => value === recipientId)?.label ?? '';
  const word = kind === 'return' ? 'Return the lead' : 'Report a conversion';
  return (
    <Stack gap="sm" mt="md" maw={480}>
      <Select
        label="Recipient"
        data={recipients}
        value={recipientId}
        onChange={(value) => setRecipientId(value ?? '')}
        allowDeselect={false}
      />
      <TextInput
        label="Reason"
        description="Optional; the source may see it."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group>
        <Button variant="default" onClick={() => setKind('return')}>
          Return the lead…
        </Button>
        <Button variant="default" onClick={() => setKind('conversion')}>
          Report a conversion…
        </Button>
      </Group>
      {send.error && <FaultAlert>{send.error.message}</FaultAlert>}
      {send.isSuccess && <Text role="status">The feedback was sent.</Text>}
      <Modal opened={kind !== null} onClose={() => setKind(null)} title={word} centered>
        <Stack>
          <Text>
            {kind === 'return'
              ? `The lead counts as returned by ${name}: what it paid is taken back, and the source is told.`
              : `The source is told that the lead became a customer of ${name}.`}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setKind(null)}>
              Cancel
            </Button>
            <Button onClick={() => kind && send.mutate(kind)} loading={send.isPending}>
              {word}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}
