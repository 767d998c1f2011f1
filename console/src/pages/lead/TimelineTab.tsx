import { Stack, Table, Text, Title } from '@mantine/core';
import type { Event } from '../../../../client/src/client.ts';
import { useSession } from '../../api/use-session.ts';
import { formatTime } from '../../parts/format-time.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { ScrollSideways } from '../../parts/ScrollSideways.tsx';
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

function Later({ events }: { events: readonly Event[] }) {
  const { account } = useSession();
  if (events.length === 0) return null;
  return (
    <section>
      <Title order={2}>Afterwards</Title>
      <ScrollSideways label="Afterwards, a table">
        <Table aria-label="Afterwards" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Time</Table.Th>
              <Table.Th scope="col">What</Table.Th>
              <Table.Th scope="col">Outcome</Table.Th>
              <Table.Th scope="col">Reason</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.map((event) => (
              <Table.Tr key={event.id}>
                <Table.Td>
                  {event.start_timestamp
                    ? formatTime(new Date(event.start_timestamp), { zone: account.time_zone, now: new Date() })
                    : '–'}
                </Table.Td>
                <Table.Td>{nameOfLater(event)}</Table.Td>
                <Table.Td>
                  <OutcomeBadge status={event.outcome} />
                </Table.Td>
                <Table.Td className={styles['long']}>{event.reason && <bdi>{event.reason}</bdi>}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollSideways>
    </section>
  );
}

function nameOfLater(event: Event): string {
  const type = String(event.feedback_type ?? 'feedback');
  if (event.type === 'retry') return `Attempt ${Number(event.attempt ?? 1) + 1} at ${recipientOf(event)}`;
  return event.type === 'feedback-received' ? `${type} from ${recipientOf(event)}` : `${type} sent to the source`;
}
