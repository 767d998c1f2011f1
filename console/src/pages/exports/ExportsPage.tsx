import { Anchor, Button, Group } from '@mantine/core';
import { queryOptions } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Export } from '../../../../client/src/client.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/use-session.ts';
import { AskFirst } from '../../parts/AskFirst.tsx';
import type { Column } from '../../parts/DataTable.tsx';
import { formatCount } from '../../parts/format-number.ts';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { Time } from '../../parts/Time.tsx';
import { useChange } from '../../parts/use-change.ts';
import { JobTabs } from '../jobs/JobTabs.tsx';
import { describeSize } from '../jobs/job-words.ts';

/** The most that a page of the API has; exports are kept for 7 days. */
const EXPORTS_MAX = 100;
const POLL_MS = 3_000;

const exportsQuery = queryOptions({
  queryKey: ['exports'],
  queryFn: () => api.listExports({ limit: EXPORTS_MAX }),
  refetchInterval: ({ state }) => (state.data?.some(isOpen) ? POLL_MS : false),
});

const isOpen = ({ status }: Export) => status === 'created' || status === 'processing';

const STATUSES: Readonly<Record<Export['status'], { status: string; word: string }>> = {
  created: { status: 'queued', word: 'Queued' },
  processing: { status: 'running', word: 'Running' },
  complete: { status: 'done', word: 'Complete' },
  truncated: { status: 'error', word: 'Begins later' },
  error: { status: 'failed', word: 'Failed' },
};

const FILTERS = [
  {
    name: 'status',
    label: 'State',
    options: Object.entries(STATUSES).map(([value, { word }]) => ({ value, label: word })),
    has: ({ status }: Export, value: string) => status === value,
  },
];

const COLUMNS: readonly Column<Export>[] = [
  {
    key: 'what',
    header: 'Export',
    cell: ({ id, rows }) => (
      <Anchor component={Link} to={`/jobs/${id}`} inherit>
        {rows === 'leads' ? 'Leads' : 'Events'}
      </Anchor>
    ),
  },
  { key: 'status', header: 'State', cell: ({ status }) => <OutcomeBadge {...STATUSES[status]} /> },
  {
    key: 'range',
    header: 'From, up to',
    wraps: true,
    cell: ({ start, end }) => (
      <>
        <Time at={start} /> – <Time at={end} />
      </>
    ),
  },
  { key: 'rows', header: 'Rows', isNumber: true, cell: ({ exported_docs: rows }) => formatCount(rows) },
  { key: 'size', header: 'Size', isNumber: true, cell: ({ size }) => describeSize(size) },
  {
    key: 'note',
    header: 'Note',
    wraps: true,
    cell: ({ error, reason, hides_values: hides }) =>
      error ?? reason?.message ?? (hides ? 'Values of leads are hidden' : '–'),
  },
  { key: 'who', header: 'Asked by', wraps: true, cell: ({ asked_by: { name } }) => <bdi>{name}</bdi> },
  {
    key: 'until',
    header: 'Kept until',
    cell: ({ expires_at: at }) => (at === null ? '–' : <Time at={at} isRelative />),
  },
  { key: 'actions', header: 'Actions', cell: (row) => <Actions row={row} /> },
];

function Actions({ row: { id, url, hides_values: hides } }: { row: Export }) {
  const maySeeValues = useMay('personal_data.read');
  const remove = useChange({
    run: () => api.removeExport(id),
    keys: [exportsQuery.queryKey],
    said: 'The export was removed',
  });
  return (
    <Group gap="xs" wrap="nowrap">
      {url !== null && (hides || maySeeValues) && (
        <Button component="a" href={url} download size="compact-sm" variant="default">
          Download
        </Button>
      )}
      <AskFirst
        isSmall
        button="Remove…"
        title="Remove this export?"
        verb="Remove export"
        run={() => remove.mutate()}
        isRunning={remove.isPending}
        error={remove.error}
      >
        Its file is deleted. One that is not complete ends.
      </AskFirst>
    </Group>
  );
}

/** Files of events and leads that were asked for. */
export function ExportsPage() {
  return (
    <ListFrame
      title="Exports"
      section="Jobs"
      text="Events and leads as files, kept for 7 days after they have ended. Make one from a list of leads or events: it has what the list has."
      tabs={<JobTabs />}
      permission="leads.read"
      noun={['export', 'exports']}
      query={exportsQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ id, rows, asked_by: { name }, file_name: file }) => `${rows} ${id} ${name} ${file ?? ''}`}
      filters={FILTERS}
      action={
        <Group gap="sm">
          <Button component={Link} to="/leads">
            Export leads
          </Button>
          <Button component={Link} to="/events" variant="default">
            Export events
          </Button>
        </Group>
      }
      empty={{
        title: 'No exports yet',
        text: 'An export writes the events or leads of a list into a file: go to the list, choose what it shows, then Export.',
      }}
    />
  );
}
