import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import type { NumbersOf } from '../../api/overview.ts';
import {
  credentialsQuery,
  entitiesQuery,
  healthQuery,
  latenciesQuery,
  type PartnerUse,
  partnersQuery,
  partnerUsesQuery,
  type RecipientHealth,
  recipientProblemsQuery,
  type Side,
} from '../../api/partners.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { FlowBadge } from '../../parts/FlowBadge.tsx';
import { FramePicker } from '../../parts/FramePicker.tsx';
import { formatMoney } from '../../parts/format-money.ts';
import { formatCount, formatDuration, formatShare, shareOf } from '../../parts/format-number.ts';
import { nameZone } from '../../parts/format-time.ts';
import { listSearchOf } from '../../parts/frame-links.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { OutcomesOverTime } from '../../parts/OutcomesOverTime.tsx';
import { type Tile, Tiles } from '../../parts/Tiles.tsx';
import { Time } from '../../parts/Time.tsx';
import { TopReasons } from '../../parts/TopReasons.tsx';
import { type ResolvedFrame, readFrameSearch, resolveFrame } from '../../parts/time-frames.ts';
import { useMinute } from '../../parts/use-minute.ts';
import { useTitle } from '../../parts/use-title.ts';
import { Widget, WidgetBody } from '../../parts/Widget.tsx';
import { countFailures, reasonOf, titleOf } from '../problems/problem-words.ts';
import { CIRCUITS, circuitOf } from './partner-rows.ts';

export function RecipientPage() {
  const { recipientId = '' } = useParams({ strict: false });
  return <PartnerPage side="recipient" id={recipientId} />;
}

export function SourcePage() {
  const { sourceId = '' } = useParams({ strict: false });
  return <PartnerPage side="source" id={sourceId} />;
}

const WORDS = { recipient: 'Recipient', source: 'Source' } as const;
const TILES_HEIGHT = 72;

/** One of them: how it is, what it did, and which flows name it. */
function PartnerPage({ side, id }: { side: Side; id: string }) {
  const search = readFrameSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const now = useMinute();
  const { account } = useSession();
  const mayCount = useMay('reports.read');
  const mayReadFlows = useMay('flows.read');
  const mayReadLeads = useMay('leads.read');
  const frame = resolveFrame(search, { now, zone: account.time_zone, fallback: 'this_7_days' });
  const { data: entities } = useQuery({ ...entitiesQuery, enabled: mayReadFlows });
  const numbers = useQuery({ ...partnersQuery(side, frame), enabled: mayCount });
  const own = numbers.data?.find((each) => each.id === id);
  const entity = entities?.find((each) => each.id === id);
  const name = entity?.name ?? own?.name ?? id;
  useTitle(name, `${WORDS[side]}s`);
  const of: NumbersOf = side === 'source' ? { source_id: id } : { recipient_id: id };
  const isUnknown = entities !== undefined && entity === undefined && numbers.isSuccess && own === undefined;
  return (
    <Stack gap="lg">
      <div>
        <Anchor component={Link} to={`/${side}s`} size="sm">
          {WORDS[side]}s
        </Anchor>
        <Group justify="space-between" gap="md">
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            <bdi>{name}</bdi>
          </Title>
          <Group gap="sm">
            <Text size="xs" c="dimmed">
              {nameZone(account.time_zone, new Date(now))}
            </Text>
            <FramePicker
              search={search}
              fallback="this_7_days"
              change={(next) => void navigate({ to: '.', search: next as never })}
            />
          </Group>
        </Group>
        {isUnknown && (
          <Text c="dimmed" size="sm">
            No flow of the account names this id, and nothing of it was counted in this time. It was deleted, or the
            address is mistyped.
          </Text>
        )}
      </div>
      {side === 'recipient' && mayReadLeads && <Circuit id={id} />}
      {mayCount && (
        <Widget title={frame.label}>
          <WidgetBody query={numbers} height={TILES_HEIGHT}>
            {() => <Numbers side={side} id={id} frame={frame} />}
          </WidgetBody>
        </Widget>
      )}
      {mayCount && <OutcomesOverTime frame={frame} of={of} />}
      {side === 'recipient' && mayReadLeads && <Fails id={id} />}
      {mayReadLeads && <TopReasons frame={frame} of={of} />}
      {mayReadFlows && <Uses side={side} id={id} />}
    </Stack>
  );
}

function Numbers({ side, id, frame }: { side: Side; id: string; frame: ResolvedFrame }) {
  const { data: all = [] } = useQuery(partnersQuery(side, frame));
  const { data: latencies } = useQuery(latenciesQuery(side, frame));
  const own = all.find((each) => each.id === id);
  const latency = latencies?.get(id);
  const { submitted = 0, success = 0, failure = 0, error = 0, returns = 0 } = own ?? {};
  const isSource = side === 'source';
  const filter = isSource ? { source_id: [id] } : { recipient_id: [id], type: ['recipient', 'retry'] };
  const to = (more = {}) => ({
    to: isSource ? '/leads' : '/events',
    search: listSearchOf(frame, { ...filter, ...more }),
  });
  const money = (column: 'cost' | 'revenue' | 'profit', name: string): Tile => ({
    ...{ key: column, name, value: formatMoney(own?.[column] ?? 0) },
  });
  const tiles: Tile[] = [
    { key: 'submitted', name: isSource ? 'Leads' : 'Deliveries', value: formatCount(submitted), ...to() },
    {
      ...{ key: 'accepted', name: 'Accepted', value: formatShare(shareOf(success, success + failure + error)) },
      ...to({ outcome: ['success'] }),
    },
    { key: 'error', name: 'Errors', value: formatCount(error), ...to({ outcome: ['error'] }) },
    { key: 'returned', name: 'Returned', value: formatShare(shareOf(returns, success)) },
    { key: 'p50', name: 'p50', value: formatDuration(latency?.p50 ?? null) },
    { key: 'p95', name: 'p95', value: formatDuration(latency?.p95 ?? null) },
    ...(isSource ? [money('cost', 'Cost'), money('revenue', 'Revenue')] : []),
    isSource ? money('profit', 'Profit') : money('revenue', 'Revenue'),
  ];
  return <Tiles tiles={tiles} />;
}

const HEALTH_COLUMNS: readonly Column<RecipientHealth>[] = [
  { key: 'origin', header: 'Address', wraps: true, cell: ({ origin }) => origin },
  {
    key: 'state',
    header: 'Circuit',
    cell: ({ state }) => <OutcomeBadge status={CIRCUITS[state].status} word={CIRCUITS[state].word} />,
  },
  { key: 'errors', header: 'Errors', isNumber: true, cell: ({ errors, requests }) => `${errors} of ${requests}` },
  { key: 'running', header: 'Under way', isNumber: true, cell: ({ running }) => running },
  { key: 'waiting', header: 'Waiting', isNumber: true, cell: ({ waiting }) => waiting },
  { key: 'probe', header: 'Next try', cell: ({ next_probe_at: at }) => (at === null ? '–' : <Time at={at} />) },
  { key: 'process', header: 'Server', wraps: true, cell: ({ process }) => `${process.host}, ${process.pid}` },
];

function Circuit({ id }: { id: string }) {
  const query = useQuery(healthQuery);
  const mayClose = useMay('leads.resubmit');
  const queries = useQueryClient();
  const close = useMutation({
    mutationFn: () => api.closeCircuit(id),
    onSuccess: () => {
      announce('Deliveries are sent again within two seconds');
      return queries.invalidateQueries({ queryKey: healthQuery.queryKey });
    },
  });
  return (
    <Widget title="Circuit">
      <WidgetBody query={query} height={32}>
        {(health) => {
          const state = circuitOf(health, id);
          const own = health.filter((each) => each.recipient_id === id);
          return (
            <Stack gap="sm">
              <Group gap="sm">
                <OutcomeBadge status={CIRCUITS[state].status} word={CIRCUITS[state].word} />
                <span>{CIRCUITS[state].text}</span>
                {(state === 'open' || state === 'half_open') && mayClose && (
                  <Button size="xs" h={28} onClick={() => close.mutate()} loading={close.isPending}>
                    Send again
                  </Button>
                )}
              </Group>
              {close.error && <FaultAlert>{describeError(close.error).text}</FaultAlert>}
              {own.length > 0 && (
                <DataTable
                  caption="As each server sees it in the last minute"
                  columns={HEALTH_COLUMNS}
                  rows={own}
                  getKey={({ origin, process }) => `${origin} ${process.node_id} ${process.pid}`}
                />
              )}
            </Stack>
          );
        }}
      </WidgetBody>
    </Widget>
  );
}

function Fails({ id }: { id: string }) {
  const query = useQuery(recipientProblemsQuery(id));
  return (
    <Widget title="What fails">
      <WidgetBody query={query} height={32}>
        {({ problems }) =>
          problems.length === 0 ? (
            <Text size="sm" c="dimmed">
              No delivery to it failed as a fault in 30 days.
            </Text>
          ) : (
            <DataTable
              caption="What fails"
              columns={[
                {
                  ...{ key: 'what', header: 'Last error', wraps: true },
                  cell: (problem) => (
                    <Anchor
                      component={Link}
                      to={`/problems/${problem.id}`}
                      inherit
                      aria-label={`${titleOf(problem)}: ${reasonOf(problem)}`}
                    >
                      <bdi>{reasonOf(problem)}</bdi>
                    </Anchor>
                  ),
                },
                { key: 'flow', header: 'Flow', wraps: true, cell: ({ flow }) => <bdi>{flow.name ?? flow.id}</bdi> },
                { key: 'state', header: 'State', cell: ({ state }) => <OutcomeBadge status={state} /> },
                { key: 'count', header: 'Failures', isNumber: true, cell: ({ events }) => countFailures(events) },
                { key: 'last', header: 'Last seen', cell: ({ last_seen: at }) => <Time at={at} isRelative /> },
              ]}
              rows={problems}
              getKey={(problem) => problem.id}
            />
          )
        }
      </WidgetBody>
    </Widget>
  );
}

function stateOf({ isDeployed, isEnabled, isSourceEnabled, steps }: PartnerUse, side: Side) {
  if (!isDeployed) return 'test';
  const isOn = side === 'source' ? isSourceEnabled : steps.some((step) => step.isEnabled);
  return isEnabled && isOn ? 'live' : 'off';
}

function Uses({ side, id }: { side: Side; id: string }) {
  const query = useQuery(partnerUsesQuery(side, id));
  const { data: credentials = [] } = useQuery({ ...credentialsQuery, enabled: side === 'recipient' });
  const nameOf = (credentialId: string) => credentials.find((each) => each.id === credentialId)?.name ?? credentialId;
  const columns: readonly Column<PartnerUse>[] = [
    {
      ...{ key: 'flow', header: 'Flow', wraps: true },
      cell: ({ flowId, flowName }) => (
        <Anchor component={Link} to={`/flows/${flowId}`} inherit>
          <bdi>{flowName}</bdi>
        </Anchor>
      ),
    },
    { key: 'state', header: 'State', cell: (use) => <FlowBadge state={stateOf(use, side)} /> },
    ...(side === 'source'
      ? [
          {
            ...{ key: 'posting', header: 'Posting page' },
            cell: ({ flowId, flowName }: PartnerUse) => (
              <Anchor
                inherit
                aria-label={`Show links to the posting page in ${flowName}`}
                renderRoot={(props) => (
                  <Link {...props} to="/flows/$flowId" params={{ flowId }} search={{ source: id } as never} />
                )}
              >
                Show links
              </Anchor>
            ),
          },
        ]
      : [
          {
            ...{ key: 'module', header: 'Sent by', wraps: true },
            cell: ({ steps }: PartnerUse) => [...new Set(steps.map(({ moduleId }) => moduleId))].join(', '),
          },
          {
            ...{ key: 'credentials', header: 'Credentials', wraps: true },
            cell: ({ steps }: PartnerUse) =>
              [...new Set(steps.flatMap(({ credentialId }) => credentialId ?? []))].map(nameOf).join(', ') || 'None',
          },
        ]),
  ];
  return (
    <Widget title="Flows that use it">
      <WidgetBody query={query} height={80}>
        {(uses) =>
          uses.length === 0 ? (
            <Text size="sm" c="dimmed">
              No flow names it as it is saved.
            </Text>
          ) : (
            <DataTable caption="Flows that use it" columns={columns} rows={uses} getKey={({ flowId }) => flowId} />
          )
        }
      </WidgetBody>
    </Widget>
  );
}
