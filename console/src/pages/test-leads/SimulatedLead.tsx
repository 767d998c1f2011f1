import { Group, Stack, Text, Title } from '@mantine/core';
import type { Evaluation } from '../../../../client/src/client.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import { Money } from '../../parts/Money.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { listRecipients, type RecipientRow } from '../lead/describe-recipient.ts';
import { listExchanges } from '../lead/http-exchange.ts';
import { PhasePath } from '../lead/PhasePath.tsx';
import { RuleTreeView } from '../lead/RuleTreeView.tsx';
import { More } from './More.tsx';
import { listRuleTrees } from './rule-trees.ts';
import styles from './test-leads.module.css';

/** What would have become of the lead: answer, path, rules, recipients, requests. */
export function SimulatedLead({ result: { response, lead } }: { result: Evaluation }) {
  return (
    <Stack gap="lg">
      <section aria-labelledby="answer">
        <Title order={2} id="answer" mb="sm">
          {lead === null ? 'No lead at all' : 'Answer'}
        </Title>
        <Group gap="sm" mb="sm">
          <code className={styles['mono']}>HTTP {response.status}</code>
          {lead && <OutcomeBadge status={lead.outcome} />}
          {lead?.reason && <bdi>{lead.reason}</bdi>}
          {lead && <span>Price {formatMoney(lead.price)}</span>}
          {lead && <span>Profit {formatMoney(lead.money.profit)}</span>}
        </Group>
        {response.body !== null && response.body !== '' && (
          <CodeBlock label="Body of the answer" code={response.body} />
        )}
        {lead === null && (
          <Text c="dimmed">
            The submission is refused before it becomes a lead, such as by a source that is switched off.
          </Text>
        )}
      </section>
      {lead && (
        <>
          <section aria-labelledby="path">
            <Title order={2} id="path" mb="sm">
              Path
            </Title>
            <PhasePath phases={lead.explanation.phases} outcome={lead.outcome} />
          </section>
          <Rules lead={lead} />
          <Recipients lead={lead} />
          <Requests lead={lead} />
        </>
      )}
    </Stack>
  );
}

type Simulated = NonNullable<Evaluation['lead']>;

function Rules({ lead }: { lead: Simulated }) {
  const trees = listRuleTrees(lead.explanation);
  if (trees.length === 0) return null;
  return (
    <section aria-labelledby="rules">
      <Title order={2} id="rules" mb="sm">
        Rules that were asked
      </Title>
      <Stack gap="md">
        {trees.map((tree) => (
          <RuleTreeView key={tree.path} tree={tree} />
        ))}
      </Stack>
    </section>
  );
}

const NONE_WAITS: ReadonlySet<string> = new Set();

function Recipients({ lead }: { lead: Simulated }) {
  const rows = listRecipients(lead.explanation.steps, { events: lead.events, waiting: NONE_WAITS });
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="recipients">
      <Title order={2} id="recipients" mb="sm">
        Recipients
      </Title>
      <DataTable caption="Recipients" columns={COLUMNS} rows={rows} getKey={({ key }) => key} />
    </section>
  );
}

const COLUMNS: readonly Column<RecipientRow>[] = [
  { key: 'name', header: 'Recipient', wraps: true, cell: ({ name }) => <bdi>{name}</bdi> },
  { key: 'state', header: 'State', cell: ({ state }) => <OutcomeBadge status={state} /> },
  { key: 'why', header: 'Why', wraps: true, cell: ({ why }) => <bdi>{why}</bdi> },
  { key: 'price', header: 'Price, USD', isNumber: true, cell: ({ price }) => <Money dollars={price} isInColumn /> },
];

function Requests({ lead }: { lead: Simulated }) {
  const exchanges = listExchanges(lead.events.filter(({ type }) => type !== 'source')).filter(
    ({ request }) => request !== null,
  );
  if (exchanges.length === 0) return null;
  return (
    <More
      summary={
        exchanges.length === 1 ? '1 request that would be sent' : `${exchanges.length} requests that would be sent`
      }
    >
      {exchanges.map(({ key, title, request }) => (
        <section key={key} aria-label={`To ${title}`}>
          <Title order={3} mb={4}>
            <bdi>{title}</bdi>
          </Title>
          <CodeBlock label={`Request to ${title}`} code={request ?? ''} />
        </section>
      ))}
    </More>
  );
}
