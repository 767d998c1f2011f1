import { Anchor } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type Batch, batchesQuery } from '../../api/library.ts';
import { useMay } from '../../api/use-session.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { ListFrame } from '../../parts/ListFrame.tsx';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { PanelButton } from '../../parts/PanelButton.tsx';
import { Time } from '../../parts/Time.tsx';
import { usePanel } from '../../parts/use-address.ts';
import { LibraryTabs } from '../library/LibraryTabs.tsx';
import { BatchForm } from './BatchForm.tsx';
import { describeSchedule, describeTarget, STATES, stateOf } from './batch-words.ts';

const COUNT = new Intl.NumberFormat('en-US');

const COLUMNS: readonly Column<Batch>[] = [
  {
    key: 'name',
    header: 'Name',
    wraps: true,
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/batches/${id}`} inherit>
        <bdi>{name}</bdi>
      </Anchor>
    ),
  },
  { key: 'state', header: 'State', cell: (batch) => <OutcomeBadge {...STATES[stateOf(batch)]} /> },
  { key: 'rows', header: 'Rows waiting', isNumber: true, cell: ({ waiting_rows: rows }) => COUNT.format(rows) },
  { key: 'files', header: 'Files waiting', isNumber: true, cell: ({ waiting_files: files }) => COUNT.format(files) },
  { key: 'target', header: 'To', wraps: true, cell: ({ target }) => <bdi>{describeTarget(target)}</bdi> },
  { key: 'schedule', header: 'When', wraps: true, cell: ({ schedule }) => describeSchedule(schedule) },
  {
    key: 'next',
    header: 'Next run',
    onLaptop: 'wraps',
    cell: ({ next_run_at: at }) => (at === null ? '–' : <Time at={at} />),
  },
  {
    key: 'last',
    header: 'Last run',
    cell: ({ last_run_at: at }) => (at === null ? 'Never' : <Time at={at} isRelative />),
  },
];

/** Rows of leads that are collected and delivered as files. */
export function BatchesPage() {
  const { panel, close } = usePanel();
  const navigate = useNavigate();
  const mayWrite = useMay('flows.write');
  return (
    <ListFrame
      title="Batches"
      section="Library"
      text="Rows that steps of flows collect, delivered as files by mail, SFTP or to a bucket."
      tabs={<LibraryTabs />}
      permission="flows.read"
      noun={['batch', 'batches']}
      query={batchesQuery}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ id, name, target }) => `${name} ${id} ${describeTarget(target)}`}
      action={mayWrite && <PanelButton panel="new">Create a batch</PanelButton>}
      empty={{
        title: 'No batches yet',
        text: 'A batch collects rows for a recipient that takes files instead of leads one by one.',
      }}
    >
      {mayWrite && panel === 'new' && (
        <BatchForm before={null} close={close} done={({ id }) => void navigate({ to: `/batches/${id}` })} />
      )}
    </ListFrame>
  );
}
