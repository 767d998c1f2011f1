import { Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { problemsQuery } from '../../api/problems.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { Facts } from '../../parts/Facts.tsx';
import { FlowLink } from '../../parts/FlowLink.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import { formatTime } from '../../parts/format-time.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Sentence } from '../../parts/Sentence.tsx';
import { useMinute } from '../../parts/use-minute.ts';
import type { RecipientRow } from './describe-recipient.ts';
import type { Reveal } from './HiddenValues.tsx';
import { LeadActions } from './LeadActions.tsx';
import styles from './lead.module.css';
import type { LeadToShow } from './lead-query.ts';
import { listNextSteps, type NextStep } from './next-steps.ts';
import { listDeliveries, sayLead } from './say-lead.ts';

/** What it is, what became of it and why, what can be done with it, and where it came from. */
export function LeadHeader({ shown, reveal }: { shown: LeadToShow; reveal: Reveal }) {
  const { lead } = shown;
  const { account } = useSession();
  const now = useMinute();
  const rows = listDeliveries(shown);
  const source = lead.events.find(({ type }) => type === 'source');
  const { cost, revenue, profit } = lead.money;
  const flow = <FlowLink id={lead.flow.id}>{`${lead.flow.name ?? lead.flow.id} @ revision ${lead.revision}`}</FlowLink>;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Flow', flow],
    ['Source', lead.source.name ?? lead.source.id],
    ['Submitted', formatTime(new Date(lead.submitted_at), { zone: account.time_zone, now: new Date() })],
    ['Total time', source?.total_ms === undefined ? '–' : `${source.total_ms} ms`],
    ['Cost', formatMoney(cost)],
    ['Revenue', formatMoney(revenue)],
    ['Profit', formatMoney(profit)],
  ];
  return (
    <Stack gap="sm" component="header">
      <div className={styles['header']}>
        <div className={styles['title']}>
          <Title order={1}>
            Lead <code className={styles['mono']}>{lead.id}</code>
          </Title>
          <OutcomeBadge status={lead.outcome} />
          {tagsOf(source).map((tag) => (
            <span key={tag} className={styles['tag']}>
              {tag}
            </span>
          ))}
        </div>
        <LeadActions lead={lead} reveal={reveal} next={useNextSteps(shown, rows)} />
      </div>
      <p className={styles['summary']}>
        <bdi>
          <Sentence text={sayLead(shown, rows, now)} />
        </bdi>
      </p>
      <Facts facts={facts.map(([name, text]) => [name, <bdi key={name}>{text}</bdi>] as const)} />
    </Stack>
  );
}

/** Problems are asked for where something failed; until they are there, the step leads to the list of them. */
function useNextSteps(shown: LeadToShow, rows: readonly RecipientRow[]): NextStep[] {
  const mayReadFlow = useMay('flows.read');
  const steps = listNextSteps(shown, { rows, problems: [], mayReadFlow });
  const { data } = useQuery({
    ...problemsQuery({ state: 'all', flow_id: shown.lead.flow.id }),
    enabled: steps.some(({ to }) => to.startsWith('/problems')),
  });
  return data === undefined ? steps : listNextSteps(shown, { rows, problems: data.problems, mayReadFlow });
}

/** What makes it other than a lead that a source sent just so. */
function tagsOf(source: LeadToShow['lead']['events'][number] | undefined): string[] {
  if (!source) return [];
  return [
    ...(source.resubmitted_from ? ['Sent again'] : []),
    ...(source.imported ? ['Imported'] : []),
    ...(source.interrupted ? ['Interrupted'] : []),
  ];
}
