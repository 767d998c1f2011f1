import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatColumn } from '../../../../src/reports/page/column-words.ts';
import { flowStepsQuery, funnelQuery } from '../../api/flow-overview.ts';
import { capsQuery, numbersQuery } from '../../api/overview.ts';
import { type PartnerNumbers, sourcesOfFlowQuery } from '../../api/partners.ts';
import { problemsQuery } from '../../api/problems.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { BarRows } from '../../parts/BarRows.tsx';
import { CapGauges } from '../../parts/CapGauges.tsx';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { FramePicker } from '../../parts/FramePicker.tsx';
import { formatCount, formatShare, shareOf } from '../../parts/format-number.ts';
import { nameZone } from '../../parts/format-time.ts';
import { listSearchOf } from '../../parts/frame-links.ts';
import { describeComparison, listTiles } from '../../parts/number-tiles.ts';
import { OutcomesOverTime } from '../../parts/OutcomesOverTime.tsx';
import { Tiles } from '../../parts/Tiles.tsx';
import { TopReasons } from '../../parts/TopReasons.tsx';
import { type ResolvedFrame, readFrameSearch, resolveFrame } from '../../parts/time-frames.ts';
import { useMinute } from '../../parts/use-minute.ts';
import { Widget, WidgetBody } from '../../parts/Widget.tsx';
import { countFailures, titleOf } from '../problems/problem-words.ts';
import { listPhases, listSteps } from './funnel-rows.ts';
import styles from './overview.module.css';

/** What a flow does with its leads: how many come in, where they leave, who sends them, what is full and what fails. */
export function FlowOverview({ flowId }: { flowId: string }) {
  const search = useSearch({ strict: false }) as Record<string, unknown>; // read below
  const frameSearch = readFrameSearch(search);
  const navigate = useNavigate();
  const now = useMinute();
  const { account } = useSession();
  const mayCount = useMay('reports.read');
  const mayReadLeads = useMay('leads.read');
  if (!mayCount) return null;
  const frame = resolveFrame(frameSearch, { now, zone: account.time_zone, fallback: 'this_7_days' });
  const of = { flow_id: flowId };
  return (
    <>
      <Numbers frame={frame} flowId={flowId}>
        <Text size="xs" c="dimmed">
          Compared with {describeComparison(frame)}, {nameZone(account.time_zone, new Date(now))}
        </Text>
        <FramePicker
          search={frameSearch}
          fallback="this_7_days"
          change={(next) => {
            const { source } = search;
            void navigate({ to: '.', search: { ...(source !== undefined && { source }), ...next } as never });
          }}
        />
      </Numbers>
      <OutcomesOverTime frame={frame} of={of} />
      <Funnel frame={frame} flowId={flowId} />
      <div className={styles['pair']}>
        <Sources frame={frame} flowId={flowId} />
        {mayReadLeads && <TopReasons frame={frame} of={of} />}
        <Caps flowId={flowId} now={now} />
        {mayReadLeads && <Problems flowId={flowId} />}
      </div>
    </>
  );
}

const TILES_HEIGHT = 88;

/** `children`: beside the heading, what else is chosen of the time. */
function Numbers({ frame, flowId, children }: { frame: ResolvedFrame; flowId: string; children: ReactNode }) {
  const query = useQuery(numbersQuery(frame, { flow_id: flowId }));
  return (
    <Widget title={frame.label} aside={<Group gap="sm">{children}</Group>}>
      <WidgetBody query={query} height={TILES_HEIGHT}>
        {(numbers) => <Tiles tiles={listTiles(numbers, frame, flowId)} />}
      </WidgetBody>
    </Widget>
  );
}

const FUNNEL_HEIGHT = 120;

function Funnel({ frame, flowId }: { frame: ResolvedFrame; flowId: string }) {
  const query = useQuery(funnelQuery(flowId, frame));
  const { data: names } = useQuery(flowStepsQuery(flowId));
  return (
    <div className={styles['pair']}>
      <Widget title="Phases: where leads leave">
        <WidgetBody query={query} height={FUNNEL_HEIGHT}>
          {({ phases }) =>
            phases === null ? (
              <Text size="sm" c="dimmed">
                There are more than 50,000 leads in this time. Choose a shorter one.
              </Text>
            ) : (
              <BarRows
                caption="Leads that reached each phase, and how many left there"
                head={['Phase', 'Reached', 'Left']}
                rows={listPhases(phases).map(({ phase, reached, left }) => ({
                  ...{ key: phase, label: phase, count: reached },
                  note: left === 0 ? '–' : formatCount(left),
                }))}
              />
            )
          }
        </WidgetBody>
      </Widget>
      <Widget title="Steps: what becomes of leads">
        <WidgetBody query={query} height={FUNNEL_HEIGHT}>
          {({ steps, submitted }) =>
            steps.length === 0 ? (
              <Text size="sm" c="dimmed">
                The flow has no steps.
              </Text>
            ) : (
              <BarRows
                caption="Leads that reached each step, with their outcomes"
                head={['Step', 'Reached', 'Outcomes']}
                most={Math.max(submitted, 1)}
                rows={listSteps(steps, names ?? new Map()).map(({ id, name, type, reached, outcomes }) => ({
                  key: id,
                  count: reached,
                  label: (
                    <Anchor
                      inherit
                      renderRoot={(props) => (
                        <Link
                          {...props}
                          to="/events"
                          search={listSearchOf(frame, { flow_id: [flowId], step_id: [id], type: [type] }) as never}
                        />
                      )}
                    >
                      <bdi>{name}</bdi>
                    </Anchor>
                  ),
                  note: outcomes,
                }))}
              />
            )
          }
        </WidgetBody>
      </Widget>
    </div>
  );
}

const SOURCE_COLUMNS: readonly Column<PartnerNumbers>[] = [
  {
    ...{ key: 'name', header: 'Source', wraps: true },
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/sources/${id}`} inherit>
        <bdi>{name}</bdi>
      </Anchor>
    ),
  },
  { key: 'leads', header: 'Leads', isNumber: true, cell: ({ submitted }) => formatCount(submitted) },
  {
    ...{ key: 'accepted', header: 'Accepted', isNumber: true },
    cell: ({ success, failure, error }) => formatShare(shareOf(success, success + failure + error)),
  },
  {
    ...{ key: 'returned', header: 'Returned', isNumber: true },
    cell: ({ returns, success }) => formatShare(shareOf(returns, success)),
  },
  {
    ...{ key: 'profit', header: 'Profit, USD', isNumber: true },
    cell: ({ profit }) => formatColumn('profit', profit),
  },
];

function Sources({ frame, flowId }: { frame: ResolvedFrame; flowId: string }) {
  const query = useQuery(sourcesOfFlowQuery(flowId, frame));
  return (
    <Widget title="By source">
      <WidgetBody query={query} height={120}>
        {(sources) =>
          sources.length === 0 ? (
            <Text size="sm" c="dimmed">
              No source sent a lead in this time.
            </Text>
          ) : (
            <DataTable
              caption="Sources by their leads"
              columns={SOURCE_COLUMNS}
              rows={sources.toSorted((one, other) => other.submitted - one.submitted)}
              getKey={({ id }) => id}
            />
          )
        }
      </WidgetBody>
    </Widget>
  );
}

const CAPS_MAX = 8;

function Caps({ flowId, now }: { flowId: string; now: number }) {
  const { account } = useSession();
  const query = useQuery(capsQuery({ flow_id: flowId }));
  return (
    <Widget title="Caps">
      <WidgetBody query={query} height={80}>
        {(caps) => <CapGauges caps={caps} max={CAPS_MAX} now={now} zone={account.time_zone} />}
      </WidgetBody>
    </Widget>
  );
}

function Problems({ flowId }: { flowId: string }) {
  const query = useQuery(problemsQuery({ flow_id: flowId }));
  return (
    <Widget
      title="Open problems"
      aside={
        <Anchor
          size="sm"
          renderRoot={(props) => <Link {...props} to="/problems" search={{ flow_id: flowId } as never} />}
        >
          All of them
        </Anchor>
      }
    >
      <WidgetBody query={query} height={80}>
        {({ problems }) =>
          problems.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing of this flow fails.
            </Text>
          ) : (
            <ul className={styles['problems']}>
              {problems.slice(0, CAPS_MAX).map((problem) => (
                <li key={problem.id}>
                  <Anchor component={Link} to={`/problems/${problem.id}`} inherit mih={24}>
                    <bdi>{titleOf(problem)}</bdi>
                  </Anchor>
                  <span>{countFailures(problem.events)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </WidgetBody>
    </Widget>
  );
}
