import { Anchor, Button, Group, NativeSelect, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { SluiceError } from '../../../../client/src/client.ts';
import { formatColumn, isMean, nameColumn, nameGrouping } from '../../../../src/reports/page/column-words.ts';
import { api } from '../../api/client.ts';
import { encode } from '../../api/lists.ts';
import {
  buildRunPath,
  givenOf,
  type Report,
  type RunAsked,
  readReportCsv,
  reportQuery,
  runQuery,
} from '../../api/reports.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { BarRows } from '../../parts/BarRows.tsx';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { Delayed } from '../../parts/Delayed.tsx';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { describeError, ErrorState } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { FramePicker } from '../../parts/FramePicker.tsx';
import { formatSpan, formatTime, nameZone, nameZoneOver } from '../../parts/format-time.ts';
import { LineChart } from '../../parts/LineChart.tsx';
import { type Interval, listPartStarts } from '../../parts/round-times.ts';
import { Stale } from '../../parts/Stale.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { Toolbar } from '../../parts/Toolbar.tsx';
import { useMinute } from '../../parts/use-minute.ts';
import { useTitle } from '../../parts/use-title.ts';
import { DeleteReport } from './DeleteReport.tsx';
import { ReportTable } from './ReportTable.tsx';
import { COMPARISONS, INTERVALS, type ReportSearch, readReportSearch } from './read-report-search.ts';
import { chartRows, readRows, type ShownReport, sortRows } from './report-rows.ts';
import { describeFrame } from './report-words.ts';
import classes from './reports.module.css';
import { ShareReport } from './ShareReport.tsx';
import { useReportTime } from './use-report-time.ts';

const route = getRouteApi('/signed-in/reports/$reportId');

/** A report, run in the time of the address. */
export function ReportPage() {
  const { reportId } = route.useParams();
  const { data, error, refetch } = useQuery(reportQuery(reportId));
  useTitle(data?.name ?? 'Report', 'Reports');
  if (error instanceof SluiceError && (error.status === 404 || error.status === 400)) return <NoReport />;
  if (data) return <Loaded key={reportId} report={data} />;
  return (
    <Stack>
      <Title order={1}>Report</Title>
      {error ? (
        <ErrorState error={error} reset={() => void refetch()} />
      ) : (
        <Delayed>
          <Skeleton height={40} maw={480} />
        </Delayed>
      )}
    </Stack>
  );
}

function NoReport() {
  return (
    <>
      <Title order={1} mb="md">
        Report
      </Title>
      <EmptyState title="There is no such report" text="It was deleted, or the address is mistyped.">
        <Button variant="default" component={Link} to="/reports">
          Show the reports
        </Button>
      </EmptyState>
    </>
  );
}

function Loaded({ report }: { report: Report }) {
  // The router leaves what its check refused in the search.
  const search = readReportSearch(route.useSearch());
  const navigate = route.useNavigate();
  const change = (next: { [Name in keyof ReportSearch]?: ReportSearch[Name] | undefined }) =>
    void navigate({
      search: Object.fromEntries(
        Object.entries({ ...search, ...next }).filter(([, value]) => value !== undefined),
      ) as ReportSearch,
    });
  const asked = useMemo(() => askOf(report, search), [report, search]);
  return (
    <>
      <Header report={report} asked={asked} search={search} />
      <Toolbar>
        <FramePicker
          search={search}
          fallback="today"
          fallbackLabel={describeFrame(report.timeframe)}
          change={({ range, start, end }) => change({ range, start, end })}
        />
        <Choice
          label="Compare with"
          words={COMPARISONS}
          value={search.compare}
          empty="Nothing"
          change={(compare) => change({ compare })}
        />
        <Choice
          label="Split"
          words={INTERVALS}
          value={search.interval}
          empty={`As saved: ${(report.interval ?? 'not split').toString()}`}
          change={(interval) => change({ interval })}
        />
        <Choice
          label="Chart"
          words={Object.fromEntries(columnsOf(report).map((column) => [column, nameColumn(column)]))}
          value={search.chart}
          empty="No chart"
          change={(chart) => change({ chart })}
        />
      </Toolbar>
      <Rows report={report} asked={asked} search={search} change={change} />
    </>
  );
}

function columnsOf(report: Report): string[] {
  return report.columns.flatMap((column) => Object.keys(column));
}

/** What the API is asked: the report’s own time unless the address names another. */
function askOf(report: Report, search: ReportSearch): RunAsked {
  const { range, start, end, compare, interval } = search;
  const split = interval ?? report.interval ?? undefined;
  return {
    ...(range !== undefined && { timeframe: range }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(compare !== undefined && { compare }),
    ...(split !== undefined && split !== 'none' && { interval: split }),
  };
}

function Choice<Word extends string>(given: {
  label: string;
  words: Readonly<Record<Word, string>>;
  value: Word | undefined;
  /** Of no choice. */
  empty: string;
  change: (word: Word | undefined) => void;
}) {
  const { label, words, value, empty, change } = given;
  const known = value !== undefined && Object.hasOwn(words, value) ? value : '';
  return (
    <NativeSelect
      label={label}
      maw="100%"
      value={known}
      onChange={
        ({ currentTarget }) => change(currentTarget.value === '' ? undefined : (currentTarget.value as Word)) // options are the words
      }
      data={[
        { value: '', label: empty },
        ...Object.entries<string>(words).map(([value, text]) => ({ value, label: text })),
      ]}
    />
  );
}

function Header({ report, asked, search }: { report: Report; asked: RunAsked; search: ReportSearch }) {
  const mayWrite = useMay('flows.write');
  const mayShare = useMay('account.manage');
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const copy = useMutation({
    mutationFn: () => api.copyReport(report.id, { name: `${report.name} (copy)` }),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['reports'] });
      announce('Copied');
      void navigate({ to: '/reports/$reportId/edit', params: { reportId: made.id } });
    },
  });
  const keep = useMutation({
    mutationFn: () => api.replaceReport(report.id, { ...givenOf(report), timeframe: search.range ?? null }),
    onSuccess: (kept) => {
      queries.setQueryData(reportQuery(report.id).queryKey, kept);
      announce('The time is saved');
    },
  });
  const csv = useMutation({
    mutationFn: () => readReportCsv(report.id, asked),
    onSuccess: (text) => saveFile(text, `${report.name}.csv`),
  });
  const isOwn = !report.read_only && mayWrite;
  const fault = copy.error ?? keep.error ?? csv.error;
  return (
    <Stack gap="sm" component="header" mb="md">
      <Anchor component={Link} to="/reports" size="sm">
        Reports
      </Anchor>
      <div className={classes['title']}>
        <Title order={1}>
          <bdi>{report.name}</bdi>
        </Title>
        <Group gap="sm">
          <Button variant="default" size="xs" h={28} onClick={() => csv.mutate()} loading={csv.isPending}>
            Download CSV
          </Button>
          {mayWrite && (
            <Button variant="default" size="xs" h={28} onClick={() => copy.mutate()} loading={copy.isPending}>
              Copy report
            </Button>
          )}
          {isOwn && search.range !== undefined && search.range !== report.timeframe && (
            <Button variant="default" size="xs" h={28} onClick={() => keep.mutate()} loading={keep.isPending}>
              Save with this time
            </Button>
          )}
          {!report.read_only && mayShare && <ShareReport report={report} />}
          {isOwn && (
            <Button
              variant="default"
              size="xs"
              h={28}
              renderRoot={(props) => <Link {...props} to="/reports/$reportId/edit" params={{ reportId: report.id }} />}
            >
              Edit
            </Button>
          )}
          {isOwn && <DeleteReport report={report} />}
        </Group>
      </div>
      {report.description && (
        <Text c="dimmed" size="sm" maw="75ch">
          {report.description}
        </Text>
      )}
      {report.mail_fault !== null && (
        <FaultAlert>The last mail did not reach everybody: {report.mail_fault}</FaultAlert>
      )}
      {fault && <FaultAlert>{describeError(fault).text}</FaultAlert>}
    </Stack>
  );
}

function saveFile(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name.replaceAll(/[\\/:*?"<>|]/g, '_');
  link.click();
  URL.revokeObjectURL(link.href);
}

const SKELETON_ROWS = 8;
/** An account has this name at first; then it says nothing more. */
const PRODUCT = 'Sluice';
/** Past it a browser takes long to draw; the file has all of them. */
const ROWS_MAX = 500;

function Rows(given: {
  report: Report;
  asked: RunAsked;
  search: ReportSearch;
  change: (next: Partial<ReportSearch>) => void;
}) {
  const { report, asked, search, change } = given;
  const { data, error, refetch, isPlaceholderData } = useQuery(runQuery(report.id, asked));
  const [hasQuery, setQuery] = useState(false);
  const columns = columnsOf(report);
  const { interval } = asked;
  const { zone, namePart } = useReportTime(report.time_zone, interval);
  const { account } = useSession();
  const now = useMinute();
  const shown = useMemo(
    () =>
      data &&
      readRows(data, {
        columns: report.columns.flatMap((column) => Object.keys(column)),
        groupBy: report.group_by,
        isSplit: asked.interval !== undefined,
      }),
    [data, report, asked],
  );
  if (shown === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={SKELETON_ROWS} />;
  const sorting =
    search.sort === undefined ? undefined : { key: search.sort, direction: search.dir ?? ('desc' as const) };
  const rows = sortRows(shown.rows, sorting);
  return (
    <Stale isStale={isPlaceholderData}>
      <Text size="xs" c="dimmed" className={classes['paper']}>
        {PRODUCT}
        {account.name !== PRODUCT && `, ${account.name}`}, printed{' '}
        {formatTime(new Date(now), { zone, now: new Date(now) })}
      </Text>
      <Text size="xs" c="dimmed" mb="sm">
        {shown.frame && `${formatSpan(new Date(shown.frame.start), new Date(shown.frame.end), zone)}, `}
        {nameZoneOf(shown.frame, zone)}
        {asked.compare !== undefined && '. Beside each number: the change against the earlier time.'}
      </Text>
      {error && <FaultAlert>{describeError(error).text}</FaultAlert>}
      <Chart report={report} shown={shown} interval={interval} column={search.chart} zone={zone} />
      {rows.length === 0 ? (
        <EmptyState title="Nothing was counted in this time" text="Choose a longer time, or fewer filters." />
      ) : (
        <ReportTable
          caption={report.name}
          groups={report.group_by.map(nameGrouping)}
          namePart={namePart}
          columns={columns}
          rows={rows.slice(0, ROWS_MAX)}
          total={shown.total}
          sorting={sorting}
          sort={({ key, direction }) => change({ sort: key, dir: direction === 'asc' ? 'asc' : undefined } as never)}
        />
      )}
      {rows.length > ROWS_MAX && (
        <Text size="sm" c="dimmed" mt="sm">
          These are the first {ROWS_MAX} of {rows.length} rows. The CSV has all of them.
        </Text>
      )}
      <Anchor
        component="button"
        type="button"
        size="sm"
        mih={24}
        mt="sm"
        aria-expanded={hasQuery}
        onClick={() => setQuery(!hasQuery)}
      >
        {hasQuery ? 'Hide query' : 'Show query'}
      </Anchor>
      {hasQuery && (
        <CodeBlock
          label="Copy the query"
          code={`curl -u "api:$KEY" '${window.location.origin}${buildRunPath(report.id)}?${encode(asked as Record<string, string>).replaceAll("'", '%27')}'`}
        />
      )}
    </Stale>
  );
}

function Chart(given: {
  report: Report;
  shown: ShownReport;
  interval: string | undefined;
  column: string | undefined;
  zone: string;
}) {
  const { report, shown, interval, column, zone } = given;
  if (column === undefined || !columnsOf(report).includes(column)) return null;
  const columnName = nameColumn(column);
  const isAdditive = !isMean(column);
  const starts = listStarts(shown.frame, interval, zone);
  const chart = chartRows(shown.rows, { column, columnName, isAdditive, starts });
  if (chart === null) return null;
  const by = report.group_by.map(nameGrouping).join(', ').toLowerCase();
  const name = by === '' ? columnName : `${columnName} by ${by}`;
  const format = (value: number) => formatColumn(column, value);
  return (
    <div className={classes['chart']}>
      {chart.isOverTime ? (
        <LineChart
          name={name}
          lines={chart.series}
          starts={chart.starts}
          zone={zone}
          zoneName={nameZoneOf(shown.frame, zone)}
          format={format}
        />
      ) : (
        <BarRows
          caption={name}
          head={[by === '' ? 'Of' : report.group_by.map(nameGrouping).join(', '), columnName]}
          rows={chart.names.map((label, place) => ({
            key: `${place} ${label}`,
            label: <bdi>{label}</bdi>,
            count: chart.series[0]?.values[place] ?? 0,
            value: format(chart.series[0]?.values[place] ?? 0),
          }))}
        />
      )}
    </div>
  );
}

function nameZoneOf(frame: ShownReport['frame'], zone: string): string {
  if (frame === null) return nameZone(zone, new Date());
  return nameZoneOver(zone, { start: Date.parse(frame.start), end: Date.parse(frame.end) });
}

/** Of the parts that have begun. */
function listStarts(frame: ShownReport['frame'], interval: string | undefined, zone: string): number[] {
  if (frame === null || interval === undefined) return [];
  const start = Date.parse(frame.start);
  const end = Math.max(start + 1, Math.min(Date.parse(frame.end) + 1, Date.now()));
  return listPartStarts({ start, end }, interval as Interval, zone); // intervals of reports are those of statistics
}
