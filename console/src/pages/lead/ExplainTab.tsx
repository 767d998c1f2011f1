import { Stack, Text, Title } from '@mantine/core';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { Money } from '../../parts/Money.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import type { RecipientRow } from './describe-recipient.ts';
import styles from './lead.module.css';
import type { LeadToShow } from './lead-query.ts';
import { OtherLeads } from './OtherLeads.tsx';
import { PhasePath } from './PhasePath.tsx';
import { RuleTreeView } from './RuleTreeView.tsx';
import { listDeliveries } from './say-lead.ts';

/** Why the lead ended as it did, after the sentence above: the answer, the path, the rules, what would have changed it, the recipients. */
export function ExplainTab({ shown }: { shown: LeadToShow }) {
  const { lead, explanation } = shown;
  const deciding = explanation.rule_sets.filter((tree) => tree.is_deciding);
  const others = explanation.rule_sets.filter((tree) => !tree.is_deciding);
  return (
    <Stack gap="lg" className={styles['tab']}>
      <AnswerSent shown={shown} />
      <section>
        <Title order={2}>Path</Title>
        <PhasePath phases={explanation.phases} outcome={lead.outcome} />
      </section>
      {deciding.length > 0 && (
        <section>
          <Title order={2}>What decided</Title>
          {deciding.map((tree) => (
            <RuleTreeView key={tree.path} tree={tree} />
          ))}
        </section>
      )}
      <WhatWouldChange sentences={explanation.would_change} />
      <Recipients shown={shown} />
      {others.length > 0 && (
        <details className={styles['more']}>
          <summary>
            {others.length === 1
              ? 'The other rule set that was asked'
              : `${others.length} other rule sets that were asked`}
          </summary>
          <Stack gap="md" pt="sm">
            {others.map((tree) => (
              <RuleTreeView key={tree.path} tree={tree} />
            ))}
          </Stack>
        </details>
      )}
      {lead.reason !== null && lead.reason !== '' && <OtherLeads lead={lead} />}
    </Stack>
  );
}

/** In words; where a person changes it is the first button of the page. */
function WhatWouldChange({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <section>
      <Title order={2}>What would have changed it</Title>
      <ul className={styles['plain']}>
        {sentences.map((sentence) => (
          <li key={sentence}>
            <Sentence text={sentence} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AnswerSent({ shown }: { shown: LeadToShow }) {
  const { answer } = shown.explanation;
  const source = shown.lead.events.find(({ type }) => type === 'source');
  const body = readBody(source?.response);
  return (
    <section>
      <Title order={2}>Answer to the source</Title>
      <div className={styles['facts']}>
        <span>
          {answer.status === null ? (
            'No answer is on record'
          ) : (
            <code className={styles['mono']}>HTTP {answer.status}</code>
          )}
        </span>
        <OutcomeBadge status={answer.outcome} />
        {answer.reason && <bdi className={styles['long']}>{answer.reason}</bdi>}
        {source?.total_ms !== undefined && <span>{source.total_ms} ms</span>}
      </div>
      {body === undefined ? (
        <Text size="sm" c="dimmed">
          The body may quote values of the lead: reveal them to see it.
        </Text>
      ) : (
        <CodeBlock label="Body of the answer" code={body} />
      )}
    </section>
  );
}

function readBody(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('body' in response)) return undefined;
  return typeof response.body === 'string' ? response.body : undefined;
}

const RECIPIENT_COLUMNS: readonly Column<RecipientRow>[] = [
  { key: 'name', header: 'Recipient', wraps: true, cell: ({ name }) => <bdi>{name}</bdi> },
  { key: 'state', header: 'State', cell: ({ state }) => <OutcomeBadge status={state} /> },
  {
    key: 'why',
    header: 'Why',
    wraps: true,
    cell: ({ why }) =>
      why && (
        <bdi>
          <Sentence text={why} />
        </bdi>
      ),
  },
  {
    ...{ key: 'price', header: 'Price, USD', isNumber: true },
    cell: ({ price }) => <Money dollars={price} isInColumn />,
  },
  { key: 'ms', header: 'ms', isNumber: true, cell: ({ ms }) => ms ?? '–' },
];

function Recipients({ shown }: { shown: LeadToShow }) {
  const rows = listDeliveries(shown);
  if (rows.length === 0)
    return (
      <section>
        <Title order={2}>Recipients</Title>
        <Text c="dimmed">The flow has no recipient.</Text>
      </section>
    );
  return (
    <section>
      <Title order={2}>Recipients</Title>
      <DataTable caption="Recipients" columns={RECIPIENT_COLUMNS} rows={rows} getKey={({ key }) => key} />
    </section>
  );
}
