import { Stack, Text, Title } from '@mantine/core';
import type { Event } from '../../../../client/src/client.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Time } from '../../parts/Time.tsx';
import { recipientOf } from './field-rows.ts';
import styles from './lead.module.css';
import type { LeadToShow } from './lead-query.ts';
import { buildTimeline, type TimelineRow } from './timeline.ts';

const KINDS = { prepare: 'rules, mapping, connection', wait: 'waiting for the answer', read: 'reading it' } as const;
const LATER = new Set(['retry', 'feedback-received', 'feedback-sent']);

/** What took how long, and what came later. */
export function TimelineTab({ shown: { lead, explanation } }: { shown: LeadToShow }) {
  const submittedAt = Date.parse(lead.submitted_at);
  const { rows, totalMs } = buildTimeline(lead.events, { steps: explanation.steps, submittedAt });
  return (
    <Stack gap="lg" className={styles['tab']}>
      <section>
        <Title order={2}>While the source waited</Title>
        <Text size="sm" c="dimmed">
          0 to {totalMs} ms after the lead came in.
        </Text>
        {rows.length === 0 ? <Text>The flow has no steps.</Text> : <Waterfall rows={rows} />}
        <Legend isSplit={rows.some(({ segments }) => segments.some(({ kind }) => kind === 'read'))} />
      </section>
      <Later events={lead.events.filter(({ type }) => LATER.has(type))} />
    </Stack>
  );
}

function Waterfall({ rows }: { rows: readonly TimelineRow[] }) {
  return (
    <ol className={styles['waterfall']}>
      {rows.map(({ key, name, state, startMs, ms, segments }) => (
        <li key={key} className={styles['row']}>
          <bdi className={styles['long']}>{name}</bdi>
          <OutcomeBadge status={state} />
          <div className={styles['lane']} data-idle={segments.length === 0 || state === 'skip'} aria-hidden>
            {segments.map(({ kind, from, to, ms: taken }) => (
              <span
                key={kind}
                className={styles['bar']}
                data-kind={kind}
                title={`${KINDS[kind]}: ${taken} ms`}
                style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
              />
            ))}
          </div>
          <span className={styles['number']} title={startMs === null ? undefined : `began after ${startMs} ms`}>
            {ms === null ? '–' : `${ms} ms`}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Legend({ isSplit }: { isSplit: boolean }) {
  const kinds = isSplit ? (['prepare', 'wait', 'read'] as const) : (['prepare', 'wait'] as const);
  return (
    <div className={styles['facts']}>
      {kinds.map((kind) => (
        <Text key={kind} span size="sm">
          <span className={styles['key']} data-kind={kind} aria-hidden />
          {KINDS[kind]}
        </Text>
      ))}
      <Text span size="sm">
        <span className={styles['key']} data-kind="idle" aria-hidden />
        skipped or not reached
      </Text>
    </div>
  );
}

const LATER_COLUMNS: readonly Column<Event>[] = [
  {
    ...{ key: 'time', header: 'Time' },
    cell: ({ start_timestamp: at }) => (at === undefined || at === null ? '–' : <Time at={at} />),
  },
  { key: 'what', header: 'What', wraps: true, cell: (event) => <bdi>{nameOfLater(event)}</bdi> },
  { key: 'outcome', header: 'Outcome', cell: ({ outcome }) => <OutcomeBadge status={outcome} /> },
  { key: 'reason', header: 'Reason', wraps: true, cell: ({ reason }) => reason && <bdi>{reason}</bdi> },
];

function Later({ events }: { events: readonly Event[] }) {
  if (events.length === 0) return null;
  return (
    <section>
      <Title order={2}>Afterwards</Title>
      <DataTable caption="Afterwards" columns={LATER_COLUMNS} rows={events} getKey={({ id }) => id ?? ''} />
    </section>
  );
}

function nameOfLater(event: Event): string {
  const type = String(event.feedback_type ?? 'feedback');
  if (event.type === 'retry') return `Attempt ${Number(event.attempt ?? 1) + 1} at ${recipientOf(event)}`;
  return event.type === 'feedback-received' ? `${type} from ${recipientOf(event)}` : `${type} sent to the source`;
}
