import { Anchor, Button, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { flowNamesQuery } from '../../api/flows.ts';
import { PROBLEMS_MAX, type ProblemFilter, problemsQuery } from '../../api/problems.ts';
import { useMay } from '../../api/use-session.ts';
import { type Column, DataTable } from '../../parts/DataTable.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Time } from '../../parts/Time.tsx';
import { Toolbar } from '../../parts/Toolbar.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { groupProblems, type ProblemRow } from './group-problems.ts';
import { Spark } from './HourBars.tsx';
import { ProblemTabs } from './ProblemTabs.tsx';
import { CAUSES, nameOf, reasonOf, STATE_WORDS, titleOf } from './problem-words.ts';
import classes from './problems.module.css';
import { readProblemSearch, STATES } from './read-problem-search.ts';

const route = getRouteApi('/signed-in/problems');

/** Failures that somebody must act on, as groups. */
export function ProblemsPage() {
  useTitle('Problems');
  const mayRead = useMay('leads.read');
  return (
    <>
      <PageHeader title="Problems" text="Failures of the last 30 days that somebody must act on, each cause once." />
      <ProblemTabs />
      {mayRead ? <Problems /> : <NoPermission what="problems" permission="leads.read" />}
    </>
  );
}

const number = new Intl.NumberFormat('en-US');

/** Its reason stands behind the name where the cause does not say it: one line, which ends once. */
function sayProblem({ ways, ...problem }: ProblemRow, hasReason: boolean): string {
  if (ways > 1) return `${titleOf(problem)} in ${ways} ways`;
  return hasReason || problem.cause === null ? `${titleOf(problem)}: ${reasonOf(problem)}` : titleOf(problem);
}

/** Of several problems the list of those that the row is of. */
function pathOf({ id, ways, flow, recipient }: ProblemRow, { state }: ProblemFilter): string {
  if (ways === 1 || recipient === null) return `/problems/${id}`;
  return `/problems?flow_id=${flow.id}&recipient_id=${recipient.id}${state === undefined ? '' : `&state=${state}`}`;
}

/** Of one recipient each problem has a row, with the reason by which they differ. */
const listColumns = (filter: ProblemFilter): readonly Column<ProblemRow>[] => [
  {
    ...{ key: 'what', header: 'What fails', wraps: 'wide' },
    cell: (row) => (
      <Anchor component={Link} to={pathOf(row, filter)} inherit fw={500}>
        <bdi>{sayProblem(row, filter.recipient_id !== undefined)}</bdi>
      </Anchor>
    ),
    textOf: (row) => `${titleOf(row)}: ${reasonOf(row)}`,
  },
  { key: 'cause', header: 'Suspected cause', wraps: 'narrow', cell: ({ cause }) => (cause ? CAUSES[cause].word : '–') },
  {
    key: 'flow',
    header: 'Flow',
    wraps: true,
    cell: ({ flow }) => <bdi>{nameOf(flow)}</bdi>,
  },
  {
    key: 'state',
    header: 'State',
    cell: ({ state }) => <OutcomeBadge status={state} />,
  },
  { key: 'events', header: 'Failures', isNumber: true, cell: ({ events }) => number.format(events) },
  { key: 'hours', header: 'Last 24 hours', cell: ({ per_hour: counts }) => <Spark counts={counts} /> },
  { key: 'last', header: 'Last seen', cell: ({ last_seen: at }) => <Time at={at} isRelative /> },
  { key: 'first', header: 'First seen', onLaptop: 'leaves', cell: ({ first_seen: at }) => <Time at={at} isRelative /> },
];

const SKELETON_ROWS = 8;

function Problems() {
  const filter = readProblemSearch(route.useSearch());
  const { data, error, refetch } = useQuery(problemsQuery(filter));
  if (data === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  const { problems, total, counts } = data;
  const rows =
    filter.recipient_id === undefined ? groupProblems(problems) : problems.map((problem) => ({ ...problem, ways: 1 }));
  return (
    <>
      <Filters filter={filter} counts={counts} />
      {problems.length > 0 ? (
        <DataTable caption="Problems" columns={listColumns(filter)} rows={rows} getKey={({ id }) => id} isList />
      ) : (
        <NoProblems filter={filter} counts={counts} />
      )}
      {total > PROBLEMS_MAX && (
        <Text size="sm" c="dimmed" mt="sm">
          These are the {PROBLEMS_MAX} that were seen last, of {number.format(total)}. Choose a flow to see fewer.
        </Text>
      )}
    </>
  );
}

function NoProblems({ filter, counts }: { filter: ProblemFilter; counts: Record<string, number> }) {
  const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const isNarrow = filter.flow_id !== undefined || filter.recipient_id !== undefined;
  if (all === 0 && !isNarrow)
    return (
      <EmptyState
        title="Nothing fails"
        text="When a recipient does not answer, refuses a key, or a flow is switched off while its sources send, it shows here as one problem, however many leads it hits."
      />
    );
  const { state = 'open' } = filter;
  return (
    <EmptyState
      title={state === 'open' ? 'No open problems' : 'No problems match'}
      text="Other states, flows and recipients may have some."
    >
      <Button variant="default" component={Link} to="/problems?state=all">
        Show all problems
      </Button>
    </EmptyState>
  );
}

/** A link of the filter is current when the address asks for just that. */
const EXACTLY = { exact: true, includeSearch: true };

function Filters({ filter, counts }: { filter: ProblemFilter; counts: Record<string, number> }) {
  const navigate = route.useNavigate();
  const { data: flows = [] } = useQuery({ ...flowNamesQuery, enabled: useMay('flows.read') });
  const { flow_id: flowId, recipient_id: recipientId } = filter;
  const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
  return (
    <Toolbar>
      <nav aria-label="States" className={classes['states']}>
        {STATES.map((state) => (
          <Link
            key={state}
            to="/problems"
            search={{ ...filter, state: state === 'open' ? undefined : state } as ProblemFilter}
            className={classes['state'] ?? ''}
            activeOptions={EXACTLY}
          >
            {state === 'all' ? 'All' : STATE_WORDS[state]} {number.format(state === 'all' ? all : (counts[state] ?? 0))}
          </Link>
        ))}
      </nav>
      {recipientId !== undefined && (
        <Anchor component={Link} to="/problems" size="sm">
          Show problems of all recipients
        </Anchor>
      )}
      {flows.length > 0 && (
        <Select
          aria-label="Flow"
          placeholder="All flows"
          data={flows.map(({ id, name }) => ({ value: id, label: name }))}
          value={flowId ?? null}
          onChange={(value) => {
            const { flow_id: _, ...others } = filter;
            navigate({ search: value === null ? others : { ...others, flow_id: value } });
          }}
          clearable
          searchable
          w={240}
        />
      )}
    </Toolbar>
  );
}
